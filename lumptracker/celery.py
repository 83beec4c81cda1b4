"""The Celery application."""

from celery import Celery

app = Celery("lumptracker")
