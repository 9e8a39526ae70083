from tests.workers.conftest import worker as worker  # a worker process in this process
