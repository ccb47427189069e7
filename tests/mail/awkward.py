"""Values as contact files hold them, and worse; and a letter that has a field in every place there is."""

from dataclasses import dataclass

SEED = "k3v9a7c2"
J = "\u2060"  # invisible; keeps apart what would be a tag
NB = "\u00a0"


@dataclass(frozen=True)
class Case:
    """What a value becomes: in the subject and plain text, in HTML (text and attributes), as one component
    of a URL, as a whole URL in plain text."""

    value: str
    text: str
    html: str
    url: str
    address: str = "#"


def same(value: str, url: str, address: str = "#") -> Case:
    return Case(value, value, value, url, address)


AWKWARD = (
    # nothing, or nearly
    Case("", "vous", "vous", "vous"),
    Case("   ", "vous", "vous", "vous"),
    Case(NB, "vous", "vous", "vous"),
    Case("\u2003\u3000", "vous", "vous", "vous"),
    Case("\x00\r\n\t", "vous", "vous", "vous"),
    # HTML
    Case("<b>Zoé</b>", "<b>Zoé</b>", "&lt;b&gt;Zoé&lt;/b&gt;", "%3Cb%3EZo%C3%A9%3C%2Fb%3E"),
    Case("<script>alert(1)</script>", "<script>alert(1)</script>",
         "&lt;script&gt;alert(1)&lt;/script&gt;", "%3Cscript%3Ealert%281%29%3C%2Fscript%3E"),
    Case('"><img src=x onerror=alert(1)>', '"><img src=x onerror=alert(1)>',
         "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;",
         "%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E"),
    Case("' onmouseover='x", "' onmouseover='x", "&#x27; onmouseover=&#x27;x", "%27%20onmouseover%3D%27x"),
    Case("</td></table></body>", "</td></table></body>", "&lt;/td&gt;&lt;/table&gt;&lt;/body&gt;",
         "%3C%2Ftd%3E%3C%2Ftable%3E%3C%2Fbody%3E"),
    Case("<!--", f"<!--{J}", f"&lt;!--{J}", "%3C%21-%2D"),
    Case("<![endif]-->", "<![endif]-->", "&lt;![endif]--&gt;", "%3C%21%5Bendif%5D--%3E"),
    Case("&amp; &lt;b&gt;", "&amp; &lt;b&gt;", "&amp;amp; &amp;lt;b&amp;gt;",
         "%26amp%3B%20%26lt%3Bb%26gt%3B"),
    Case("Dupont & Fils", "Dupont & Fils", "Dupont &amp; Fils", "Dupont%20%26%20Fils"),
    Case("AT&T", "AT&T", "AT&amp;T", "AT%26T"),
    Case('"Le Grand"', '"Le Grand"', "&quot;Le Grand&quot;", "%22Le%20Grand%22"),
    Case("O'Brien", "O'Brien", "O&#x27;Brien", "O%27Brien"),
    same("d’Orves", "d%E2%80%99Orves"),
    same("« Nova »", "%C2%AB%20Nova%20%C2%BB"),
    # fields and tags
    same("{{prenom}}", "%7B%7Bprenom%7D%7D"),
    same("{{ lien | x }}", "%7B%7B%20lien%20%7C%20x%20%7D%7D"),
    Case(f"-{SEED}.0t-", f"-k{J}3v9a7c2.0t-{J}", f"-k{J}3v9a7c2.0t-{J}", "-%6B3v9a7c2.0t%2D"),
    Case(f"-{SEED}.unsubscribe-", f"-k{J}3v9a7c2.unsubscribe-{J}", f"-k{J}3v9a7c2.unsubscribe-{J}",
         "-%6B3v9a7c2.unsubscribe%2D"),
    Case("x-k3v", f"x-{J}k3v", f"x-{J}k3v", "x%2Dk3v"),
    Case("<%asm_group_unsubscribe_raw_url%>", f"<{J}%asm_group_unsubscribe_raw_url%>",
         "&lt;%asm_group_unsubscribe_raw_url%&gt;", "%3C%25asm_group_unsubscribe_raw_url%25%3E"),
    same("%recipient%", "%25recipient%25"),
    same("[unsubscribe]", "%5Bunsubscribe%5D"),
    same("${parts} $footer", "%24%7Bparts%7D%20%24footer"),
    same("%s {0} {name}", "%25s%20%7B0%7D%20%7Bname%7D"),
    # headers
    Case("Zoé\r\nBcc: x@evil.example", "Zoé Bcc: x@evil.example", "Zoé Bcc: x@evil.example",
         "Zo%C3%A9%20Bcc%3A%20x%40evil.example"),
    Case("Zoé\nSubject: x", "Zoé Subject: x", "Zoé Subject: x", "Zo%C3%A9%20Subject%3A%20x"),
    Case("Zo\x00é", "Zo é", "Zo é", "Zo%20%C3%A9"),
    Case("a\u2028b\u2029c\x85d", "a b c d", "a b c d", "a%20b%20c%20d"),
    Case("\ufeffZoé", "Zoé", "Zoé", "Zo%C3%A9"),
    Case("Zoé\ud800", "Zoé", "Zoé", "Zo%C3%A9"),
    # directions
    Case("Zoé\u202egpj.exe", "Zoégpj.exe", "Zoégpj.exe", "Zo%C3%A9gpj.exe", "https://Zoégpj.exe"),
    Case("\u2067שלום\u2069", "שלום", "שלום", "%D7%A9%D7%9C%D7%95%D7%9D"),
    same("שלום\u200f!", "%D7%A9%D7%9C%D7%95%D7%9D%E2%80%8F%21"),
    # letters of the world
    same("👩\u200d👩\u200d👧", "%F0%9F%91%A9%E2%80%8D%F0%9F%91%A9%E2%80%8D%F0%9F%91%A7"),
    same("Zoe\u0301", "Zoe%CC%81"),
    same("李小龍", "%E6%9D%8E%E5%B0%8F%E9%BE%8D"),
    same(f"12{NB}000{NB}€", "12%C2%A0000%C2%A0%E2%82%AC"),
    Case(f"  Jean{NB}{NB} \t Paul{NB}", "Jean Paul", "Jean Paul", "Jean%20Paul"),
    # Markdown
    same("**gras** _fin_ `x`", "%2A%2Agras%2A%2A%20_fin_%20%60x%60"),
    same("[x](https://evil.example)", "%5Bx%5D%28https%3A%2F%2Fevil.example%29"),
    same("# Titre", "%23%20Titre"),
    same("a | b", "a%20%7C%20b"),
    same("![x](y)", "%21%5Bx%5D%28y%29"),
    # addresses
    same("javascript:alert(1)", "javascript%3Aalert%281%29"),
    same("data:text/html,x", "data%3Atext%2Fhtml%2Cx"),
    same("//evil.example/x", "%2F%2Fevil.example%2Fx"),
    same("https://banque.example@evil.example", "https%3A%2F%2Fbanque.example%40evil.example"),
    Case("https://x.example/?a=1&b=2#c", "https://x.example/?a=1&b=2#c",
         "https://x.example/?a=1&amp;b=2#c", "https%3A%2F%2Fx.example%2F%3Fa%3D1%26b%3D2%23c",
         "https://x.example/?a=1&b=2#c"),
    Case('https://x.example/"><b>', 'https://x.example/"><b>', "https://x.example/&quot;&gt;&lt;b&gt;",
         "https%3A%2F%2Fx.example%2F%22%3E%3Cb%3E", "https://x.example/%22%3E%3Cb%3E"),
    same("https://société.example/a b", "https%3A%2F%2Fsoci%C3%A9t%C3%A9.example%2Fa%20b",
         "https://société.example/a%20b"),
    same("www.nova.example/x", "www.nova.example%2Fx", "https://www.nova.example/x"),
    same("claire@nova.example", "claire%40nova.example", "mailto:claire@nova.example"),
)  # fmt: skip

SUBJECT = "A{{Note|vous}}Z"
PREHEADER = "avant {{Note|vous}}"
# every place of a body: each in a paragraph, a link, an address, a picture, a heading, a list, a table, code
BODY = """\
# titre {{Note|vous}} fin

texte {{Note|vous}} fin, [mots {{Note|vous}} fin](https://l.example/mots)

[entre](https://l.example/q?n={{Note|vous}}&z=1) [chemin](https://l.example/p/{{Note|vous}}/z)
[tout]({{Note}})

![alt {{Note|vous}} fin](https://l.example/i.png) ![image](https://l.example/{{Note|vous}}.png) ![]({{Note}})

- puce {{Note|vous}} fin

> cité {{Note|vous}} fin

| A {{Note|vous}} | B |
|---|---|
| c {{Note|vous}} fin | d |

`code {{Note|vous}} fin` et **gras {{Note|vous}} fin**

[Je réponds, {{Note|vous}}]({{lien}}&n={{Note|vous}})
"""
