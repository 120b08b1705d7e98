"""What a school does about an order, by account or by link. Each act commits once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask import flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import DomainError
from app.core.extensions import db
from app.core.pictures import unpack_ahead
from app.core.web import found
from app.portal import forms
from app.portal.queries import orders as queries
from app.portal.queries.orders import Item
from app.portal.views.doors import Door, both_doors
from app.portal.views.orders import item_page, order_page
from app.rectification.models.findings import Finding
from app.rectification.models.orders import Order
from app.rectification.service import evidence, extending, handing, serving, steps


def _item(door: Door, position: int) -> Item:
    return found(next(iter(queries.items_of(door.place.order, position=position)), None))


def _act(
    door: Door, position: int, form: Any, name: str, act: Callable[[Item], Any], *, done: str
) -> ResponseReturnValue:
    """Do it and go back to the item; a refusal comes back as a sentence with what was typed."""
    form.needs_name(is_link=door.is_link)
    item = _item(door, position)
    if not form.validate_on_submit():
        return item_page(door, position, status=422, **{name: form})
    try:
        result = act(item)
    except DomainError as refused:
        db.session.rollback()
        form.add_problem(refused)
        return item_page(_again(door), position, status=422, **{name: form})
    db.session.commit()
    flash(done)
    say_not_kept(getattr(result, "refused", ()))
    return redirect(door.url("item", position=position))


def say_not_kept(refused: Iterable[str]) -> None:
    """Say which photos of a sending were not kept, and why: those that came with it, and those that script had sent before."""
    for problem in refused:
        flash(problem, "warning")
    for told in request.form.getlist("not_kept")[: evidence.MOST_PHOTOS]:
        flash(_("没有保存的照片：%(photo)s", photo=told[:300]), "warning")


def _again(door: Door) -> Door:
    """After a refusal everything is read anew."""
    for thing in (door.place.order, door.place.school, door.place.brigade, *([door.link] if door.link else [])):
        db.session.refresh(thing)
    return door


@both_doors("/items/<int:position>/evidence", "evidence", methods=("POST",))
def send_evidence(door: Door, position: int) -> ResponseReturnValue:
    """Keep photos and words. The item stays open until officers have looked again."""
    form = forms.EvidenceForm()

    def act(item: Item) -> evidence.Sent:
        photos = unpacked(form)
        refuse_without_photos(item.line.finding, form, photos)
        return evidence.send_evidence(
            door.named(form.signed),
            finding=item.line.finding,
            note=form.note.data or "",
            done_by=form.done_by.data or "",
            cost=form.cost.data,
            photos=photos,
            asks_recheck=form.asks_recheck.data,
            evidence_id=form.evidence_id(),
        )

    return _act(door, position, form, "evidence", act, done=_("已报送。由两名检查人员复查后销号。"))


def refuse_without_photos(finding: Finding, form: forms.EvidenceForm, photos: Sequence[Any]) -> None:
    """Refuse a sending whose photos script had sent before and of which none was kept: words alone would pass for an answer."""
    told, key = request.form.getlist("not_kept"), form.evidence_id()
    if told and not photos and not (key and evidence.photos_of(finding, key)):
        raise DomainError(
            _("照片没有保存，所以没有提交：%(photo)s 请重新选择照片后再提交。", photo=told[0][:300]), field="photos"
        )


def unpacked(form: forms.EvidenceForm) -> list[tuple[str, bytes]]:
    """The photos of a sending, read before anything of it is written; what cannot be read is said when it is kept."""
    photos = form.photos.chosen()
    if len(photos) <= evidence.MOST_PHOTOS:
        unpack_ahead(photos)
    return photos


def kept_photo(door_sender: Any, finding: Finding) -> ResponseReturnValue:
    """Keep one photo that script sends by itself; sent again it is kept once. Answers in JSON."""
    key, photo_id = forms.as_id(request.form.get("key")), forms.as_id(request.form.get("photo_id"))
    file = request.files.get("photo")
    if key is None or photo_id is None or file is None:
        return jsonify(error="incomplete", message=_("照片没有传完，请重试。")), 400
    name, content = file.filename or "", file.read()
    unpack_ahead([(name, content)])
    try:
        kept = evidence.keep_photo(
            door_sender,
            finding=finding,
            evidence_id=key,
            photo_id=photo_id,
            name=name,
            content=content,
        )
    except DomainError as refused:
        db.session.rollback()
        return jsonify(error=refused.code, message=refused.message), 422
    db.session.commit()
    return jsonify(id=str(kept.id), kept=len(evidence.photos_of(finding, key)))


def arrived(finding: Finding) -> ResponseReturnValue:
    """How many photos of a sending (`?key=`) have arrived, and whether its words have, so that a page can go on with it."""
    key = forms.as_id(request.args.get("key"))
    kept, sent = evidence.arrived(finding, key) if key else (0, False)
    return jsonify(kept=kept, sent=sent)


@both_doors("/items/<int:position>/photos", "photos_arrived")
def photos_arrived(door: Door, position: int) -> ResponseReturnValue:
    """How far a sending has come."""
    return arrived(_item(door, position).line.finding)


@both_doors("/items/<int:position>/photos", "photos", methods=("POST",))
def send_photo(door: Door, position: int) -> ResponseReturnValue:
    """One photo of a sending whose words come later."""
    return kept_photo(door.sender, _item(door, position).line.finding)


@both_doors("/items/<int:position>/holder", "holder", methods=("POST",))
def hand_item(door: Door, position: int) -> ResponseReturnValue:
    """Hand the item to a post-holder."""
    form = forms.HolderForm()
    return _act(
        door,
        position,
        form,
        "holder",
        lambda item: handing.hand_item(
            door.named(form.signed),
            door.place.order,
            item.item,
            name=form.name.data or "",
            post=form.post.data or "",
            phone=form.phone.data or "",
        ),
        done=_("已交办。"),
    )


@both_doors("/items/<int:position>/extension", "extension", methods=("POST",))
def ask_extension(door: Door, position: int) -> ResponseReturnValue:
    """Ask for more time before the date has passed."""
    form = forms.ExtensionForm()
    return _act(
        door,
        position,
        form,
        "extension",
        lambda item: extending.ask(
            door.named(form.signed),
            _locked(door),
            item.line.finding,
            wanted=form.wanted.data,
            reason=form.reason.data or "",
        ),
        done=_("延期申请已提交，答复前仍按原期限整改。"),
    )


def _locked(door: Door) -> Order:
    return steps.lock(door.place.order.id)


@both_doors("/receipt", "receipt", methods=("POST",))
def confirm_receipt(door: Door) -> ResponseReturnValue:
    """The school's word that it has the order, which makes the service by link count."""
    form = forms.ReceiptForm()
    if not form.validate_on_submit():
        return order_page(door, status=422, receipt=form)
    name = form.name.data or ""
    try:
        serving.confirm_by_link(door.named(name), _locked(door), name=name)
    except DomainError as refused:
        db.session.rollback()
        form.add_problem(refused)
        return order_page(_again(door), status=422, receipt=form)
    db.session.commit()
    flash(_("已确认收到。"))
    return redirect(door.url("page"))
