"""What is one name in many spellings, and which words of a name say little. Pure data.

Compiled by hand from common romanisations (BGN/PCGN and French, German, Swahili and Hausa habits; pinyin beside
Wade-Giles). A group lists spellings of one name, never names that only sound alike.
"""

import re
from typing import Final

# "Mohammed" alone has dozens: m, a vowel, h, a vowel, m or mm, a vowel, d or t.
MOHAMMED: Final = re.compile(r"m[aeou]*h?[ae]mm?[ae]+[dt](?:ou|u|i)?|m(?:oh|uh|h)m?d|mhmd")
MOHAMMED_IS: Final = "muhamad"
_GROUPS: Final = (
    "abdallah abdulla abdullah abdalla abdullahi abdoulaye abdulahi",
    "abubakar aboubacar aboubakar abubacar abubaker bakari boubacar boubakar bubakar abubakr",
    "ahmad ahmed achmed akhmed ahmet ahmadu ahmadou amadou",
    "aisha aicha aysha ayesha aissatou asha",
    "alexander aleksandr alexandr alexandre oleksandr aleksander alieksandr",
    "ali aly aliou aliyu alii",
    "andrei andrey andrej andriy andrii andrew",
    "catherine katherine ekaterina yekaterina kateryna iekaterina",
    "dmitri dmitry dmitriy dimitri dmytro dmitrij dmitrii",
    "evgeny evgeni yevgeny yevgeniy evgenii evgueni evgenij yevhen jewgeni ievgueni",
    "fatima fatma fatuma fatimah fatoumata fatou fatimata",
    "hassan hasan hassane hasani",
    "hussein hussain husain husayn hossein husein husseini hussien hoessein housseyn",
    "ibrahim ibraheem ibrahima ebrahim ibrahimu brahim ibragim",
    "ismail ismael ismaila ismaeel esmail",
    "khadija khadijah hadija hadidja kadija",
    "khamis hamisi hamis khamisi",
    "mahmoud mahmud mahmood makhmud mamoudou",
    "mikhail mikhael mykhailo michail mikhayl michael mihail",
    "mustafa mostafa moustapha mustapha moustafa",
    "nikolai nikolay nikolaj mykola nicolai",
    "omar umar omer oumar umaru omari",
    "osama usama oussama",
    "othman usman osman uthman ousmane athumani athman",
    "peter pyotr petr piotr petro",
    "qaddafi gaddafi kadhafi qadhafi gadhafi kadafi",
    "ramadan ramadhan ramadhani ramazan",
    "rashid rasheed rachid rashidi raschid",
    "said saeed saed sayed saidi saidou seid",
    "sergei sergey sergiy serguei sergej serhiy serhii",
    "suleiman suleyman sulaiman sulayman soliman souleymane selemani sulemani suleimani",
    "vladimir volodymyr wladimir uladzimir",
    "yakov iakov jakov yakiv jakow",
    "yulia yuliya julia iulia juliya",
    "yuri yury yuriy iouri jurij juri yurii iurii",
    "yusuf youssef yusufu yousef youssouf yosef yousuf yusif jusuf youcef",
    "cai tsai",
    "jiang chiang",
    "qian chien",
    "xie hsieh",
    "xu hsu",
    "zhang chang",
    "zhao chao",
    "zheng cheng",
    "zhou chou chow",
)
ONE_SPELLING: Final = {word: group.split()[0] for group in _GROUPS for word in group.split()}

# Words of people's names that tell nobody apart.
_PARTICLES = (
    "al el ul ibn bin bint binti de da do dos das del della di du la le las los von van der den zu wa na"
    " mr mrs ms dr prof eng hon sir sheikh shaykh cheikh haji hajj alhaji hadj mullah maulavi mzee mama sayyid"
    " general colonel captain jr sr ii iii"
)
PARTICLES: Final = frozenset(_PARTICLES.split())
# What is said of a company's legal form is nothing of its name.
_LEGAL_FORMS = (
    "ltd limited llc inc incorporated corp corporation co company cie gmbh mbh sarl sas sasu spa srl sl bv nv ag plc"
    " pty pte ooo oao zao pao ao jsc ojsc pjsc cjsc llp lp kg kft oy ab as aps sa fze fzco fzc fz dmcc est"
    " establishment joint stock sdn bhd the of and et y und des du de la le les el al wa ya na"
    " cooperative coop cooperativa society societe sociedad association asociacion ushirika chama"
)
LEGAL_FORMS: Final = frozenset(_LEGAL_FORMS.split())
# What a company does is shared by many; it counts for a quarter of a word of its own.
_TRADES = (
    "trading trade traders trader commerce commercial group groupe holding holdings international intl global general"
    " import export imports exports enterprise enterprises services service industries industry industrial mining mines"
    " mine miners minerals mineral minerais gold or oro dhahabu gems gem gemstones stones jewels jewellery jewelry"
    " diamond diamonds precious metals metal resources"
    " comptoir bureau foundation union investment investments development transport logistics"
)
TRADES: Final = frozenset(_TRADES.split())
