"""Addresses of the judgement."""

from __future__ import annotations

from django.urls import path

from triage import (
    api_assessment,
    api_calendar,
    api_channels,
    api_contact,
    api_episodes,
    api_notifications,
    api_push,
    api_reminders,
)

urlpatterns = [
    path("lumps/<uuid:lump_id>/assessment/", api_assessment.AssessmentView.as_view()),
    path("rulebook/", api_assessment.RulebookView.as_view()),
    path("notifications/", api_notifications.NotificationListView.as_view()),
    path("notifications/opened/", api_notifications.OpenedView.as_view()),
    path("notifications/stop/<str:token>/", api_notifications.StopEmailsView.as_view()),
    path("notifications/<uuid:notification_id>/", api_notifications.NotificationView.as_view()),
    path("notifications/<uuid:notification_id>/acknowledge/", api_notifications.AcknowledgeView.as_view()),
    path("notifications/<uuid:notification_id>/snooze/", api_notifications.SnoozeView.as_view()),
    path("episodes/", api_episodes.EpisodesView.as_view()),
    path("episodes/<uuid:episode_id>/", api_episodes.EpisodeView.as_view()),
    path("episodes/<uuid:episode_id>/stop/", api_episodes.StopStepView.as_view()),
    path("reminders/", api_reminders.RemindersView.as_view()),
    path("reminders/test/", api_reminders.ReminderTestView.as_view()),
    path("reminders/test/arrived/", api_reminders.ArrivalView.as_view()),
    path("trusted-contact/", api_contact.TrustedContactView.as_view()),
    path("channels/", api_channels.ChannelsView.as_view()),
    path("channels/<str:channel>/", api_channels.ChannelView.as_view()),
    path("calendar/", api_calendar.CalendarView.as_view()),
    path("calendar/<str:token>/", api_calendar.CalendarFeedView.as_view()),
    path("push-subscriptions/", api_push.PushSubscriptionsView.as_view()),
    path("push-subscriptions/test/", api_push.PushTestView.as_view()),
    path("push-subscriptions/key/", api_push.PushKeyView.as_view()),
]
