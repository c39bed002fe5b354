"""What people call a time zone: the city it is named after, in the customer's language.

Only names that differ from the zone's own are listed; where one language needs another little word before the name
(“du Caire”), it is part of it.
"""

from meld_desktop.domain.messages.languages import Language

REGIONS = frozenset("Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific".split())
"""First parts of the zones that are named after a place; the others (``EST5EDT``, ``Etc/GMT+3``) name an offset."""

_ORDER = (Language.EN, Language.ES, Language.FR, Language.DE, Language.PT)

# zone's last part: English, Spanish, French, German, Portuguese; one name alone is the same in all.
_NAMES = """
Adelaide: Adelaide|Adelaida|Adélaïde|Adelaide|Adelaide
Algiers: Algiers|Argel|Alger|Algier|Argel
Amsterdam: Amsterdam|Ámsterdam|Amsterdam|Amsterdam|Amsterdã
Asuncion: Asunción|Asunción|Asuncion|Asunción|Assunção
Athens: Athens|Atenas|Athènes|Athen|Atenas
Azores: the Azores|de las Azores|des Açores|Azoren|dos Açores
Bahia: Salvador
Bahia_Banderas: Bahía de Banderas
Baghdad: Baghdad|Bagdad|Bagdad|Bagdad|Bagdá
Beirut: Beirut|Beirut|Beyrouth|Beirut|Beirute
Belem: Belém
Belgrade: Belgrade|Belgrado|Belgrade|Belgrad|Belgrado
Berlin: Berlin|Berlín|Berlin|Berlin|Berlim
Bermuda: Bermuda|de las Bermudas|des Bermudes|Bermuda|das Bermudas
Bogota: Bogotá
Brussels: Brussels|Bruselas|Bruxelles|Brüssel|Bruxelas
Bucharest: Bucharest|Bucarest|Bucarest|Bukarest|Bucareste
Budapest: Budapest|Budapest|Budapest|Budapest|Budapeste
Busingen: Büsingen
Cairo: Cairo|El Cairo|du Caire|Kairo|do Cairo
Calcutta: Kolkata|Calcuta|Calcutta|Kalkutta|Calcutá
Canary: the Canary Islands|Canarias|des Canaries|Kanarische Inseln|das Canárias
Cancun: Cancún
Cape_Verde: Cape Verde|Cabo Verde|du Cap-Vert|Kap Verde|Cabo Verde
Casablanca: Casablanca
Cayenne: Cayenne|Cayena|Cayenne|Cayenne|Caiena
Chisinau: Chișinău
Copenhagen: Copenhagen|Copenhague|Copenhague|Kopenhagen|Copenhague
Cordoba: Córdoba
Cuiaba: Cuiabá
Curacao: Curaçao|Curazao|Curaçao|Curaçao|Curaçao
Damascus: Damascus|Damasco|Damas|Damaskus|Damasco
Dubai: Dubai|Dubái|Dubaï|Dubai|Dubai
Dublin: Dublin|Dublín|Dublin|Dublin|Dublim
Eirunepe: Eirunepé
El_Salvador: El Salvador|El Salvador|du Salvador|El Salvador|El Salvador
Faroe: the Faroe Islands|de las Islas Feroe|des Îles Féroé|Färöer|das Ilhas Faroé
Guadeloupe: Guadeloupe|Guadalupe|de la Guadeloupe|Guadeloupe|Guadalupe
Havana: Havana|La Habana|La Havane|Havanna|Havana
Helsinki: Helsinki|Helsinki|d'Helsinki|Helsinki|Helsinque
Ho_Chi_Minh: Ho Chi Minh City|Ciudad Ho Chi Minh|Hô Chi Minh-Ville|Ho-Chi-Minh-Stadt|Ho Chi Minh
Honolulu: Honolulu|Honolulu|d'Honolulu|Honolulu|Honolulu
Hong_Kong: Hong Kong|Hong Kong|Hong Kong|Hongkong|Hong Kong
Isle_of_Man: the Isle of Man|de la Isla de Man|de l'île de Man|Insel Man|da Ilha de Man
Istanbul: Istanbul|Estambul|d'Istanbul|Istanbul|Istambul
Jakarta: Jakarta|Yakarta|Jakarta|Jakarta|Jacarta
Jamaica: Jamaica|Jamaica|de la Jamaïque|Jamaika|da Jamaica
Jerusalem: Jerusalem|Jerusalén|Jérusalem|Jerusalem|Jerusalém
Johannesburg: Johannesburg|Johannesburgo|Johannesburg|Johannesburg|Joanesburgo
Kathmandu: Kathmandu|Katmandú|Katmandou|Kathmandu|Katmandu
Kiev: Kyiv|Kiev|Kiev|Kiew|Kiev
Kolkata: Kolkata|Calcuta|Calcutta|Kalkutta|Calcutá
Kyiv: Kyiv|Kiev|Kiev|Kiew|Kiev
Lisbon: Lisbon|Lisboa|Lisbonne|Lissabon|Lisboa
London: London|Londres|Londres|London|Londres
Lord_Howe: Lord Howe Island|de la Isla Lord Howe|de l'île Lord Howe|Lord-Howe-Insel|da Ilha Lord Howe
Los_Angeles: Los Angeles|Los Ángeles|Los Angeles|Los Angeles|Los Angeles
Luxembourg: Luxembourg|Luxemburgo|Luxembourg|Luxemburg|Luxemburgo
Maceio: Maceió
Madeira: Madeira|Madeira|de Madère|Madeira|da Madeira
Malta: Malta|Malta|Malte|Malta|Malta
Manila: Manila|Manila|Manille|Manila|Manila
Martinique: Martinique|Martinica|de la Martinique|Martinique|da Martinica
Mazatlan: Mazatlán
Merida: Mérida
Mexico_City: Mexico City|Ciudad de México|Mexico|Mexiko-Stadt|da Cidade do México
Monaco: Monaco|Mónaco|Monaco|Monaco|Mônaco
Montevideo: Montevideo|Montevideo|Montevideo|Montevideo|Montevidéu
Montreal: Montréal|Montreal|Montréal|Montreal|Montreal
Moscow: Moscow|Moscú|Moscou|Moskau|Moscou
Nairobi: Nairobi|Nairobi|Nairobi|Nairobi|Nairóbi
New_York: New York|Nueva York|New York|New York|Nova York
Noronha: Fernando de Noronha
Noumea: Nouméa
Panama: Panama|Panamá|du Panama|Panama|do Panamá
Paris: Paris|París|Paris|Paris|Paris
Port-au-Prince: Port-au-Prince|Puerto Príncipe|Port-au-Prince|Port-au-Prince|Porto Príncipe
Prague: Prague|Praga|Prague|Prag|Praga
Puerto_Rico: Puerto Rico|Puerto Rico|Porto Rico|Puerto Rico|Porto Rico
Reunion: Réunion|Reunión|de La Réunion|Réunion|Reunião
Reykjavik: Reykjavik|Reikiavik|Reykjavik|Reykjavík|Reykjavik
Riyadh: Riyadh|Riad|Riyad|Riad|Riad
Rome: Rome|Roma|Rome|Rom|Roma
Santarem: Santarém
Santiago: Santiago|Santiago de Chile|Santiago du Chili|Santiago de Chile|Santiago do Chile
Santo_Domingo: Santo Domingo|Santo Domingo|Saint-Domingue|Santo Domingo|Santo Domingo
Sao_Paulo: São Paulo|São Paulo|São Paulo|São Paulo|Brasília
Seoul: Seoul|Seúl|Séoul|Seoul|Seul
Shanghai: Shanghai|Shanghái|Shanghai|Shanghai|Xangai
Singapore: Singapore|Singapur|Singapour|Singapur|Singapura
Sofia: Sofia|Sofía|Sofia|Sofia|Sófia
St_Johns: St. John's
Stockholm: Stockholm|Estocolmo|Stockholm|Stockholm|Estocolmo
Sydney: Sydney|Sídney|Sydney|Sydney|Sydney
Taipei: Taipei|Taipéi|Taipei|Taipeh|Taipé
Tallinn: Tallinn|Tallin|Tallinn|Tallinn|Tallinn
Tehran: Tehran|Teherán|Téhéran|Teheran|Teerã
Tokyo: Tokyo|Tokio|Tokyo|Tokio|Tóquio
Tunis: Tunis|Túnez|Tunis|Tunis|Túnis
Vatican: the Vatican|Vaticano|du Vatican|Vatikan|do Vaticano
Vienna: Vienna|Viena|Vienne|Wien|Viena
Vilnius: Vilnius|Vilna|Vilnius|Vilnius|Vilnius
Warsaw: Warsaw|Varsovia|Varsovie|Warschau|Varsóvia
Zurich: Zurich|Zúrich|Zurich|Zürich|Zurique
"""

_BY_CITY: dict[str, tuple[str, ...]] = {}
for _entry in _NAMES.split("\n"):
    _city, _, _names = _entry.partition(": ")
    if _names:
        _found = tuple(_names.split("|"))
        _BY_CITY[_city] = _found if len(_found) == len(_ORDER) else _found * len(_ORDER)

_LINKING = {
    Language.ES: ("de ",),
    Language.FR: ("de ", "du ", "des ", "d'"),
    Language.PT: ("do ", "da ", "dos ", "das "),
}


def zone_words(key: str, language: Language) -> str:
    """Return “New York time” in ``language`` for the IANA zone ``key``; empty when it is named after no place."""
    region, _, rest = key.partition("/")
    city = rest.rpartition("/")[2]
    if region not in REGIONS or not city or city.isupper():
        return ""
    name = _BY_CITY[city][_ORDER.index(language)] if city in _BY_CITY else city.replace("_", " ")
    if name.startswith(_LINKING.get(language, ())):
        of = name
    elif language is Language.FR and name[0] in "AEIOUÂÉÈÊÎÔaeiou":
        of = f"d'{name}"
    else:
        of = f"de {name}"
    return {
        Language.EN: f"{name} time",
        Language.ES: f"hora {of}",
        Language.FR: f"heure {of}",
        Language.DE: f"Ortszeit {name}",
        Language.PT: f"horário {of}",
    }[language]
