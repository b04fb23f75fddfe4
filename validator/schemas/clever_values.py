"""Values that Clever accepts in the columns of its files."""

from __future__ import annotations


def _list(text: str) -> tuple[str, ...]:
    """Split a comma-separated text into values that the schemas of Clever's files allow."""
    return tuple(" ".join(value.split()) for value in text.split(","))


YES_NO = ("Y", "N", "Yes", "No", "T", "F", "True", "False", "1", "0")
GENDERS = ("M", "F", "X", "Male", "Female", "Nonbinary", "Non-binary")
LUNCH = ("F", "R", "N", "P", "Y", "Free", "Reduced", "Paid", "Other")
"""Free or reduced-price lunch: the letters that exports send and the words of Clever's API 3.1."""

RACES = _list("""
    A, B, I, M, P, W, Asian, Black or African American, American Indian, American Indian/Alaska
    Native, American Indian or Alaska Native, Two or More Races, Multiracial, Hawaiian or Other
    Pacific Islander, Native Hawaiian or Other Pacific Islander, Pacific Islander, White,
    Caucasian, Black, Unknown
""")

DISABILITIES = _list("""
    Autism, Deaf-blindness, Developmental delay, Emotional disturbance, Hearing impairment,
    Intellectual Disability, Multiple disabilities, Orthopedic impairment, Other, Other health
    impairment, Specific learning disability, Speech or language impairment, Traumatic brain
    injury, Visual impairment
""")
DISABILITY_CODES = _list("""
    aut, db, dd, emn, hi, id, md, oi, other, ohi, sld, sli, tbi, vi
""")

SUBJECTS = _list("""
    English/language arts, Math, Science, Social studies, Language, Homeroom/advisory,
    Interventions/online learning, Technology and engineering, PE and health, Arts and music, other
""")
"""Clever's standard subjects."""

LANGUAGES = _list("""
    Afrikaans, Albanian, Amharic, Arabic, Armenian, Assamese, Aymara, Azerbaijani, Bambara,
    Bashkir, Basque, Belarusian, Bengali, Bhojpuri, Bosnian, Bulgarian, Burmese, Cabo Verdean,
    Cantonese, Catalan, Cebuano, Chichewa, Chinese, Chuukese, Corsican, Croatian, Czech, Danish,
    Dari, Divehi, Dogri, Dutch, English, Estonian, Ewe, Faroese, Farsi, Fijian, Filipino, Finnish,
    French, Frisian, Galician, Georgian, German, Greek, Guarani, Gujarati, Haitian Creole, Hausa,
    Hawaiian, Hebrew, Hindi, Hmong, Hungarian, Icelandic, Igbo, Ilocano, Indonesian, Inuinnaqtun,
    Inuktitut, Irish, Italian, Japanese, Javanese, Kannada, Karen, Kazakh, Khmer, Kinyarwanda,
    Kirundi, Konkani, Korean, Krio, Kurdish (Kurmanji), Kurdish (Sorani), Kyrgyz, Laotian, Latvian,
    Lingala, Lithuanian, Lower Sorbian, Luganda, Luxembourgish, Macedonian, Maithili, Malagasy,
    Malay, Malayalam, Maltese, Mandarin, Manipuri, Maori, Marathi, Marshallese, Mizo, Mongolian,
    Nepali, Northern Sotho, Norwegian, Odia, Oromo, Other, Pashto, Polish, Portuguese, Punjabi,
    Quechua, Queretaro Otomi, Romanian, Russian, Samoan, Scots Gaelic, Serbian, Sesotho, Setswana,
    Shona, Sindhi, Sinhala, Slovak, Slovenian, Somali, Spanish, Sundanese, Swahili, Swedish,
    Tagalog, Tahitian, Tajik, Tamil, Tatar, Telugu, Thai, Tibetan, Tigrinya, Tongan, Tsonga,
    Turkish, Turkmen, Twi, Ukrainian, Upper Sorbian, Urdu, Uyghur, Uzbek, Vietnamese, Welsh, Xhosa,
    Yiddish, Yoruba, Yucatec Maya, Zulu
""")
LANGUAGE_CODES = _list("""
    afr, amh, ara, asm, aym, aze, bak, bam, bel, ben, bho, bod, bos, bul, cat, ceb, ces, chk, ckb,
    cmn, cos, cpp, cym, dan, deu, dgo, div, dsb, ell, eng, est, eus, ewe, fao, fas, fij, fil, fin,
    fra, fry, gla, gle, glg, grn, guj, hat, hau, haw, heb, hin, hmn, hrv, hsb, hun, hye, ibo, ikt,
    iku, ilo, ind, isl, ita, jav, jpn, kan, kar, kat, kaz, khm, kin, kir, knn, kor, kri, kur, lao,
    lav, lin, lit, ltz, lug, lus, mah, mai, mal, mar, mkd, mlg, mlt, mni, mon, mri, msa, mya, nep,
    nld, nob, nso, nya, ori, orm, other, otq, pan, pol, por, prs, pus, que, ron, run, rus, sin,
    slk, slv, smo, sna, snd, som, sot, spa, sqi, srp, sun, swa, swe, tah, tam, tat, tel, tgk, tgl,
    tha, tir, ton, tsn, tso, tuk, tur, twi, uig, ukr, urd, uzb, vie, xho, yid, yor, yua, yue, zho,
    zul
""")
"""Home languages in Clever's API 3.1, by name and by code."""
