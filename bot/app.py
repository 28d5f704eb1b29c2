"""The application: everything about how the bot runs is decided in build_application."""

from __future__ import annotations

from telegram import LinkPreviewOptions, Update
from telegram.constants import ParseMode
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    Defaults,
    InlineQueryHandler,
    MessageHandler,
    PollAnswerHandler,
    TypeHandler,
    filters,
)
from telegram.request import BaseRequest

from bot.admission import Admission
from bot.commands import IsCommand
from bot.delivery import Delivery
from bot.errors import Errors
from bot.groups import Groups
from bot.handlers import Handlers
from bot.inline import InlineMode
from bot.lanes import BACKLOG, CAP, Lanes
from bot.membership import Membership
from bot.network import request_to_telegram
from bot.poll_answers import PollAnswers
from bot.reports import Reports
from bot.sending import SendingPace
from bot.service import App, Service
from bot.settings import Settings
from bot.store import SessionStore
from bot.turns import Turns
from dialogs.conversation import Conversation

ALLOWED_UPDATES = (
    Update.MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY, Update.POLL_ANSWER, Update.MY_CHAT_MEMBER,
)  # fmt: skip


def build_application(
    settings: Settings,
    conversation: Conversation,
    store: SessionStore,
    request: BaseRequest | None = None,
) -> App:
    """The bot, ready to be initialized.

    settings.bot_token must not be empty. request: makes all calls in place of the HTTP client of `bot.network`.
    Whoever initializes the application also calls post_init and post_shutdown. It has no updater: `bot.polling` or
    `bot.webhook` brings the updates. Raises SettingsError for an environment variable that the HTTP client cannot take.
    """
    service = Service(conversation, store)
    builder = (
        ApplicationBuilder()
        .token(settings.bot_token)
        .base_url(f"{settings.bot_api_url}/bot")
        .defaults(Defaults(parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)))
        .rate_limiter(SendingPace())
        .concurrent_updates(Lanes(CAP if settings.webhook_url else BACKLOG))
        .updater(None)
        .job_queue(None)
        .post_init(service.start)
        .post_shutdown(service.stop)
    )
    request = request or request_to_telegram()
    application = builder.request(request).get_updates_request(request).build()  # `bot.polling` asks for updates itself
    _register(application, settings, conversation, store)
    application.add_error_handler(Errors(conversation, store).handle)
    return application


def _register(application: App, settings: Settings, conversation: Conversation, store: SessionStore) -> None:
    turns, delivery = Turns(conversation, store), Delivery(conversation, store)
    handlers = Handlers(conversation, store, turns, delivery, Reports(conversation, settings.owner_chat))
    # An inline answer that Telegram keeps for everybody would reach those who are not allowed.
    inline_mode = InlineMode(conversation, personal=bool(settings.allowed_users))
    own = filters.ViaBot(int(settings.bot_token.partition(":")[0]))
    message = filters.UpdateType.MESSAGE & ~own  # not an edited one, nor a card sent from inline mode
    private = message & filters.ChatType.PRIVATE
    if settings.allowed_users:
        application.add_handler(TypeHandler(Update, Admission(conversation, settings.allowed_users).check), group=-1)
    # The first handler that matches gets the update.
    application.add_handlers(
        (
            CallbackQueryHandler(handlers.tap),
            InlineQueryHandler(inline_mode.answer),
            PollAnswerHandler(PollAnswers(conversation, store, turns, delivery).answer),
            MessageHandler(private & IsCommand(), handlers.command),
            MessageHandler(private & filters.TEXT, handlers.typed),
            MessageHandler(private & (filters.ATTACHMENT | filters.CHECKLIST), handlers.refused),  # no service message
            MessageHandler(message & filters.ChatType.GROUPS & IsCommand(), Groups(conversation).command),
            ChatMemberHandler(Membership(store).changed, ChatMemberHandler.MY_CHAT_MEMBER),
        )
    )
