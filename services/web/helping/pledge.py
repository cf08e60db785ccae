"""The rules of bank-neutral help, as somebody accepts them for each visitor they help.

After what libraries tell their own staff, and what banks and the police ask for. Another wording that means the same is
the same version; another rule is another one.
"""

from services.web.rendering import msgid

VERSION = 1
RULES = (
    msgid("Du visar. Besökaren gör själv och håller i sin egen mobil."),
    msgid("Titta bort när besökaren skriver sina koder."),
    msgid("Fråga aldrig efter koder, lösenord, personnummer, konton eller kort. Skriv inte upp dem, ta inga bilder."),
    msgid("Logga aldrig in och godkänn aldrig något med BankID åt någon annan."),
    msgid("Visa inte din egen bank. Säg inte vilken bank, vara eller tjänst som är bäst."),
    msgid("Betala, köp och ansök inte om något åt besökaren."),
    msgid("Ser du något privat? Säg det, titta bort och berätta det inte för någon."),
    msgid("Verkar det vara bedrägeri? Sluta och hämta personalen. Besökaren ringer själv banken och polisen, 114 14."),
    msgid("Ni ses bara på biblioteket. Byt inte telefonnummer."),
)
