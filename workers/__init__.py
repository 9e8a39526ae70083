"""The Celery side of Voicen Server: the only place where Django, Celery and the engines meet."""
