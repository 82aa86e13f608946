"""What every process of the portal shares: database, bell, store, and the outside systems it speaks with."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from portal.config import Settings
from portal.core import unit_of_work
from portal.core.database import engine, sessions
from portal.delivery import operator as post
from portal.delivery.operator import PostalOperator
from portal.documents import rendering
from portal.documents.rendering import Issuer
from portal.extensions import Bell
from portal.files import store
from portal.files.bucket import Bucket, BucketStore
from portal.files.folder import FolderStore
from portal.files.store import Store
from portal.integration import registers
from portal.integration.registers import HttpRegisters
from portal.notifications import mailing
from portal.notifications.mailing import MailServer
from portal.payments import gateways
from portal.payments.bank_transfer import BankTransfer
from portal.payments.gateways import Gateway
from portal.payments.mobile_money import MobileMoney
from portal.payments.vietqr import Account
from portal.payments.vnpay import Vnpay
from portal.schema import load_all
from portal.signing import service as signing
from portal.signing.pades import TrustServices
from portal.signing.pictures import pictures_in
from portal.signing.service import Pictures, Signing


def wire(settings: Settings) -> Engine:
    """Make this process ready to read, write and speak; answers the engine, for whoever must dispose of it."""
    load_all()
    bind = engine(settings.database_url)
    unit_of_work.use(sessions(bind), bell=Bell(settings.redis_url))
    store.use(store_of(settings))
    rendering.use(Issuer(settings.public_url, settings.receipt_key.encode(), settings.help_number, settings.signs))
    signing.use(signing_of(settings))
    gateways.use(*gateways_of(settings))
    mailing.use(mail_server_of(settings))
    post.use(PostalOperator(url=settings.post_url, secret=settings.post_secret) if settings.post_url else None)
    registers.use(HttpRegisters(url=settings.registers_url, secret=settings.registers_secret))
    return bind


def signing_of(settings: Settings) -> Signing | None:
    """How results are signed electronically, when they are."""
    if not settings.signs:
        return None
    folder = Path(settings.signing_pictures)
    pictures: Pictures = partial(pictures_in, folder)
    if settings.demonstration:
        from portal.demonstration.signature_pictures import sample  # inside the function: a real portal never draws

        pictures = partial(sample, folder)
    return Signing(
        module=settings.signing_module,
        token=settings.signing_token,
        pin_file=Path(settings.signing_pin_file),
        services=TrustServices(Path(settings.signing_roots), settings.signing_time_url),
        pictures=pictures,
    )


def mail_server_of(settings: Settings) -> MailServer | None:
    """Where letters by e-mail go out, when they do."""
    if not settings.mail_url:
        return None
    return MailServer(settings.mail_url, settings.mail_sender, settings.public_url, settings.help_number)


def gateways_of(settings: Settings) -> Iterator[Gateway]:
    """The ways to pay online that are configured, the usual one first."""
    public_url = settings.public_url
    yield Vnpay(
        url=settings.payment_url,
        api_url=settings.payment_api_url,
        merchant=settings.payment_merchant,
        secret=settings.payment_secret,
        public_url=public_url,
    )
    if settings.mobile_url:
        url, secret = settings.mobile_url, settings.mobile_secret
        yield MobileMoney(url=url, partner=settings.mobile_partner, secret=secret, public_url=public_url)
    if settings.bank_account:
        yield BankTransfer(
            account=Account(bank=settings.bank_bin, number=settings.bank_account),
            bank=settings.bank_name,
            holder=settings.bank_holder,
            secret=settings.bank_secret,
            public_url=public_url,
        )


def store_of(settings: Settings) -> Store:
    """A bucket when one is named, else the folder."""
    if not settings.files_bucket:
        return FolderStore(settings.files_dir)
    name, _, prefix = settings.files_bucket.partition("/")
    bucket = Bucket(
        name=name,
        prefix=f"{prefix.strip('/')}/" if prefix else "",
        endpoint=settings.files_endpoint,
        encryption=settings.files_encryption,
        key_id=settings.files_key_id,
    )
    return BucketStore(bucket, settings.files_dir)
