"""Characters that look like a Latin letter or a digit, by what they look like.

Taken from Unicode's confusables.txt (UTS 39) through the data of the package confusable_homoglyphs 3.3.1:
the single characters whose prototype is one ASCII letter or digit and which NFKC does not already turn
into it; the lower case of those that are upper case; by hand circles, regional indicators and letters
in black circles and squares. "0" is filed under "o", "1" and "i" under "l".

Unicode data: Copyright © 1991-2024 Unicode, Inc., Unicode License V3 (https://www.unicode.org/license.txt).
confusable_homoglyphs: Copyright © 2016-2018 Victor Felder, 2024 Elena Grandi, MIT.
"""

LOOKALIKES = {
    "2": "ƧƨƻϨϩᒿꙄꙅꛯꝚꝛ",
    "3": "ƷȜȝɜʒЗзҘҙӠӡⳌⳍꝪꝫꞫ𑣊𖼻𝈆",
    "4": "Ꮞ𑢯𑣏",
    "5": "Ƽ𑢻𑣛",
    "6": "бᏮⳒⳓ𑣕",
    "7": "𐓒𐓺𑣆𝈒",
    "8": "Ȣȣ\u0b03𐌚",
    "9": "ⳊⳋꝮꝯꝰ𑢬𑣌𑣖",
    "a": "ɑΑαАаᎪᗅẚ⍶⍺ꓮ𐊠𖽀𝚨𝛂𝛢𝛼𝜜𝜶𝝖𝝰𝞐𝞪🅐🅰🇦",
    "b": "ƀƂƃƄƅɓΒβБВЬвьѢѣҌҍᏏᏴᑲᑳᖯᗷꓐꞴꞵ𐊂𐊡𐌁𝚩𝛣𝜝𝝗𝞑🅑🅱🇧",
    "c": "¢ȼϲϹСсҪҫᏟᴄ₡Ⲥⲥꓚꮯ𐊢𐌂𐐕𐐽𐔜𑣲🅒🅮🅲🇨🝌",
    "d": "ÐðĐđƉƌɖɗԁᎠᏧᑯᗞᗪ₫ꓒꓓ🅓🅳🇩",
    "e": "ɆɇΕεЕеҽҿᎬ℮⋿ⴹꓰꬲ𐊆𑢦𑢮𑣎𝚬𝛦𝜠𝝚𝞔🅔🅴🇪",
    "f": "ƑƒϜϝքᖴᵮẝꓝꞘꞙꬵ𐊇𐊥𐔥𑢢𑣂𝈓𝟊🅕🅵🇫",
    "g": "ƍǤǥɠɡԌԍցᏀᏳᶃᶢꓖ🅖🅶🇬",
    "h": "ĦħɦΗНнћҢңһӇӈӉӊհᎻᏂᏲᕼᵸℏⱧⱨⲎⲏꓧꚕ𐋏𝚮𝛨𝜢𝝜𝞖🅗🅷🇭",
    "j": "ɈɉʝͿϳЈјᎫᒍꓙꞲ🅙🅹🇯",
    "k": "ƙΚκКкҚқҞҟᏦᛕ₭ⱩⱪⲔⲕꓗꝀꝁ𐔘𝚱𝛫𝜥𝝟𝞙🅚🅺🇰",
    "l": "ıŁłƖƗƚǀɨɩɪɫɭ˛ͺΙιІіӀӏᎥᏞᒪᛁᣳᵻᵼι∣⍳⍸⏽│ⲒⲓⳐⳑⵏꓡꓲꙇꭵ￨𐊊𐌉𐌠𐐛𐑃𐔦𑢣𑢲𑣃𑣒𖼖𖼨𝈪𝚤𝚰𝛊𝛪𝜄𝜤𝜾𝝞𝝸𝞘𝞲🅘🅛🅸🅻🇮🇱",
    "m": "ΜμϺϻМмӍӎᎷᗰᛖⲘⲙꓟꭑ𐊰𐌑𝚳𝛭𝜧𝝡𝞛🅜🅼🇲",
    "n": "ƝƞɲɳΝηոռᵰⲚⲛꓠ𐆎𐔓𝚴𝛈𝛮𝜂𝜨𝜼𝝢𝝶𝞜𝞰🅝🅽🇳",
    "o": (
        "ØøƟǾǿɵΘΟθοσϑϴОоѲѳӨөՕօଠ\u0c02\u0c82\u0d02ഠ\u0d82ဝჿዐᎤᎾᏫᴏᴑ⊖⊝⍬◉○◎●◯⚪⚫⬤⭕Ⲟⲟⴱⵁⵔ〇ꓳꝊꝋꬽꬾꭴꮎ"
        "ꮻ𐊒𐊫𐐄𐐬𐓂𐓪𐔖𑢵𑣈𑣗𝈚𝚯𝚶𝚹𝛉𝛐𝛔𝛝𝛩𝛰𝛳𝜃𝜊𝜎𝜗𝜣𝜪𝜭𝜽𝝄𝝈𝝑𝝝𝝤𝝧𝝷𝝾𝞂𝞋𝞗𝞞𝞡𝞱𝞸𝞼𝟅🄍🅞🅾🇴🜔"
    ),
    "p": "ƥΡρϱРрᏢᑭᣖᵽ℗⍴Ⲣⲣꓑ𐊕𝚸𝛒𝛠𝛲𝜌𝜚𝜬𝝆𝝔𝝦𝞀𝞎𝞠𝞺𝟈🅟🅿🇵",
    "q": "ʠԛգզⵕ🅠🆀🇶",
    "r": "ƦɍɼɽʀгғᎡᎱᏒᖇᣴᴦᵲⲅꓣꭇꭈꮁ𐒴𐓜𖼵𝈖🅡🆁🇷",
    "s": "ƽʂЅѕՏտᏕᏚᣵᵴꓢꜱꮪ𐊖𐐠𐑈𑣁𖼺🅢🆂🇸",
    "t": "ŦŧƫƭƮȾʈΤτТтҬҭᎢᵵ₮⊤⍡⟙ⱦⲦⲧꓔ𐊗𐊱𐌕𑢼𖼊𝚻𝛵𝜯𝝩𝞣🅣🆃🇹🝨",
    "u": "ɄʉʋυՍսሀᏌᑌᴜᵾ∪⋃ꓴꞟꭎꭒꮜ𐓎𐓶𑢸𑣘𖽂𝛖𝜐𝝊𝞄𝞾🅤🆄🇺",
    "v": "νѴѵᏙᐯᴠ∨⋁ⴸꓦꛟꮩ𐆗𐔝𑜆𑢠𑣀𖼈𝈍𝛎𝜈𝝂𝝼𝞶🅥🆅🇻🜈",
    "w": "ɯѡѽԜԝաᎳᏔᴡ₩ꓪꝡꮃ𑓅𑜊𑜎𑜏𑣯🅦🆆🇼",
    "x": "ΧχХхҲҳᕁᕽ᙭\u166eᚷ╳⤫⤬⨯⨰ⲬⲭⵝꓫꞳꭓ𐆖𐊐𐊴𐌗𐌢𐔧𑣬𝚾𝛸𝜲𝝬𝞦🅧🆇🇽",
    "y": "¥ƴɎɏɣʏΥγϒУуҮүҰұყᎩᎽᶌỿℽⲨⲩꓬꭚ𐊲𑢤𑣜𖽃𝚼𝛄𝛶𝛾𝜰𝜸𝝪𝝲𝞤𝞬🅨🆈🇾",
    "z": "ƵƶȤȥʐΖζᏃᙆᴢᵶꓜꮓ𐋵𑢩𑣄𑣉𝚭𝛧𝜡𝝛𝞕🅩🆉🇿",
}
