"""Voices and the engines that speak them: not database models.

The catalogue says which voices exist, the engines turn text into samples, the phonemes package knows how
the three languages are pronounced. Nothing in here knows Django, Celery, jobs or settings; database models
live in ``synthesis.models``.
"""
