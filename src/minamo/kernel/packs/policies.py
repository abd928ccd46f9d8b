"""Who may load a pack."""

from minamo.contracts.actors import ALLOWED, Actor, ActorKind, Decision


def can_load(actor: Actor) -> Decision:
    """Allow the operator's command line and staff; whoever else asks is refused.

    A staff front door asks for the permission `packs.pack.load` before it calls the
    service; this is the second lock behind it.
    """
    if actor.kind in {ActorKind.SYSTEM, ActorKind.STAFF}:
        return ALLOWED
    return Decision(allowed=False, reason="パックを読み込めるのは、職員と運用の担当だけです。")
