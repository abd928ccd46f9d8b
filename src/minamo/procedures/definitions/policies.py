"""Who may define procedures."""

from minamo.contracts.actors import ALLOWED, Actor, ActorKind, Decision


def can_define(actor: Actor) -> Decision:
    """Allow the operator's command line and staff; whoever else asks is refused.

    Staff come through the loading of packs, which asks for `packs.pack.load`; this is
    the second lock behind it.
    """
    if actor.kind in {ActorKind.SYSTEM, ActorKind.STAFF}:
        return ALLOWED
    return Decision(allowed=False, reason="手続きを決められるのは、職員と運用の担当だけです。")
