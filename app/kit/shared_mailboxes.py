"""Mailboxes that belong to an office and not to a person, by what stands before the @.

RFC 2142 names some of them; the others are those that companies here use. Compared as a whole, never as a part of a
name: `info@` is an office, `infolina@` is somebody.
"""

import re
import unicodedata

SHORT = 3  # letters; of shorter words `p.r` may be somebody's initials, so that they are compared as they stand
_WORDS = """
abuse accounting accounts admin administration administrator alarm all alle allgemein allgemeines anfrage anfragen
assistenz auftrag beschwerde beschwerdemanagement beschwerden bestellung bestellungen betrieb betriebsrat bewerbung
billing bot buchhaltung buero callcenter careers chefredaktion communication communications compliance contact
customer customercare customers customerservice daemon data dataprotection datenschutz datenschutzbeauftragter dev
devnull dialog direktion donotreply dsb einkauf email emailservice empfang enquiries events facebook faq feedback
finance finanzen ftp gdpr geschaeftsfuehrung geschaeftsleitung geschaeftsstelle gf group gruppe hallo hello help
helpdesk hilfe hostmaster hotline hr ihrkontakt impressum info infobox information infos inquiries instagram
internet investor investorrelations investors invoice ir it jobs jugendschutz kanzlei karriere kasse kommunikation
kontakt kontaktformular konto kunden kundenbetreuung kundencenter kundendialog kundendienst kundenkommunikation
kundenservice kundensupport legal leitung list listen mail mailbox mailerdaemon mailing mailservice management
marketing media medien meldung meldungen mitarbeiter moderation nachricht nachrichten netz netzbetrieb netzwerk news
newsletter noc noreply notification notifications office ombudsmann online onlineredaktion onlineservice operations
order orders personal personalabteilung phishing post posteingang postfach postmaster poststelle pr praktikum press
presse presseabteilung presseanfrage presseanfragen pressebuero presseinfo pressekontakt pressesprecher pressestelle
presseteam pressoffice privacy produktion projekt publicrelations rechnung rechnungen recht rechtsabteilung
redaktion reklamation reply rezeption root rueckfragen sales schulung security sekretariat service servicecenter
serviceteam shop sicherheit social socialmedia socialmediateam spam staff stellen stoerung stoerungen
stoerungsstelle subscribe support supportteam survey system team teamassistenz technik technischerdienst test
twitter umfrage umwelt unsubscribe unternehmenskommunikation usenet user verein vertrieb verwaltung vorstand
vorstandsbuero webmaster welcome werbung willkommen wir www zentrale
"""
WORDS = frozenset(_WORDS.split())
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_SIGNS, _NUMBER = re.compile(r"[._\-]+"), re.compile(r"\d+\Z")


def is_shared(address: str) -> bool:
    """Whether several people read it, with a tag (`info+x@`), dots or hyphens in it or a number behind."""
    local = unicodedata.normalize("NFKC", address.rpartition("@")[0]).casefold().partition("+")[0].strip()
    written = _NUMBER.sub("", local.translate(_SPELLED).strip("._-")).strip("._-")
    joined = _SIGNS.sub("", written)
    return joined in WORDS if len(joined) > SHORT else written in WORDS
