"""E-mail vocabulary: public providers, and words that fill in for an address."""

from __future__ import annotations

PUBLIC_PROVIDERS = frozenset(
    """
    gmail.com googlemail.com yahoo.com ymail.com rocketmail.com yahoo.ca yahoo.com.mx yahoo.co.uk
    hotmail.com hotmail.ca hotmail.co.uk outlook.com live.com msn.com passport.com icloud.com me.com
    mac.com aol.com aim.com comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net
    charter.net earthlink.net mindspring.com juno.com netzero.net optonline.net optimum.net
    frontier.com frontiernet.net windstream.net centurylink.net embarqmail.com q.com roadrunner.com
    twc.com suddenlink.net cableone.net mail.com email.com usa.com gmx.com gmx.net gmx.us web.de
    proton.me protonmail.com pm.me tutanota.com tuta.io hey.com fastmail.com zoho.com hushmail.com
    duck.com yandex.com yandex.ru mail.ru inbox.com qq.com 163.com 126.com naver.com hanmail.net
    rogers.com shaw.ca telus.net sympatico.ca bell.net
    """.split()
)
"""Domains in which anybody may have an address, so that they are never a district's own.

Source: the consumer providers among those in https://github.com/mailcheck/mailcheck and
https://github.com/disposable-email-domains (allowlist), read 2026-11-29.
"""

NO_ADDRESS = frozenset(
    """
    none noemail no-email no.email no_email noaddress no-address noaddr nomail no-mail notprovided
    not.provided notavailable unknown noreply no-reply no.reply donotreply do-not-reply nobody
    noone nil null na n-a n.a n_a xxx xxxx notapplicable tbd placeholder dummy fake fakeemail
    changeme email emailaddress noemailaddress noemailonfile noemailprovided notonfile needemail
    """.split()
)
"""What people type in front of an @ where there is no address; digits at the end are ignored."""

NO_DOMAIN = frozenset(
    """
    none.com none.org none.net noemail.com noemail.org noemail.net nomail.com nomail.org na.com
    no.com no.email noaddress.com unknown.com nowhere.com fake.com fakeemail.com email.none
    """.split()
)
"""What people type after the @ where there is no address."""
