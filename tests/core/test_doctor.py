"""The link doctor: what it recognises, what it proposes, and that it never stops a public link."""

import pytest

from bot.core.doctor import diagnose, require_public
from bot.core.links import check_link
from bot.core.questionnaires import Problem, Tool
from bot.core.sentences import Refusal

ID = "1FAIpQLSfkmopt1Trv3sY3ptO38i_vP8cjALsJxpREmlzahFD1o5ChzA"
FILE = "1Zs4pG7bTq2nH0mYxkq9d3L5cVvW8rJtE6uQaBfNoPiM"
MS = "v4j5cvGGr0GRqy180BHbR7-_Ey3GyI1GgFpm0Eq6nfVUN0xWRjdDRVc5WjlEMUw0RkRYWkpERjVVUC4u"
SV = "SV_d0aMpul3tB1wJ1Q"

PUBLIC = {
    Tool.GOOGLE: [
        "https://forms.gle/8fK2mPq7XvB1cD3e9",
        f"https://docs.google.com/forms/d/e/{ID}/viewform",
        f"https://docs.google.com/forms/d/e/{ID}/viewform?usp=sf_link",
        f"https://docs.google.com/forms/d/e/{ID}/viewform?usp=pp_url&entry.776520014=POSTILLON",
        f"https://docs.google.com/forms/d/e/{ID}/viewform?embedded=true",
        f"https://docs.google.com/forms/d/{FILE}/viewform",
        f"https://docs.google.com/a/studio-nova.example/forms/d/e/{ID}/viewform",
        f"https://docs.google.com/forms/u/1/d/e/{ID}/viewform?usp=header",
    ],
    Tool.MICROSOFT: [
        f"https://forms.office.com/Pages/ResponsePage.aspx?id={MS}",
        f"https://forms.office.com/Pages/ResponsePage.aspx?id={MS}&rf840=POSTILLON",
        "https://forms.office.com/r/5raJmEfjPA",
        "https://forms.office.com/e/KjGdWCZhE4",
        "https://forms.cloud.microsoft/r/hd6SU1zJH5",
        "https://forms.cloud.microsoft/e/rkadzrxAGC",
        f"https://forms.cloud.microsoft/pages/responsepage.aspx?id={MS}&origin=lprLink&route=shorturl",
        f"https://customervoice.microsoft.com/Pages/ResponsePage.aspx?id={MS}",
    ],
    Tool.TYPEFORM: [
        "https://form.typeform.com/to/Lks1RA",
        "https://studionova.typeform.com/to/Lks1RA",
        "https://studionova.typeform.com/to/Lks1RA?typeform-source=www.studio-nova.example",
        "https://form.typeform.com/to/Lks1RA#postillon=xxxxx",
        "https://form.typeform.com/to/Lks1RA?uuid=1#name=xxxxx&email=xxxxx",
        "https://form.typeform.com/c/Lks1RA",
        "https://nova.eu.typeform.com/to/ZZYlfK7A",
        "https://studionova.typeform.com/enquete-2026",
    ],
    Tool.TALLY: [
        "https://tally.so/r/81dRPA",
        "https://tally.so/r/81dRPA?ref=app",
        "https://tally.so/r/wA_2b-9",
        "https://www.tally.so/r/81dRPA",
        "https://tally.so/embed/81dRPA?alignLeft=1",
        "https://tally.so/popup/81dRPA",
        "http://tally.so/r/81dRPA",
        "https://tally.so/r/81dRPA?postillon=old#top",
    ],
    Tool.SURVEYMONKEY: [
        "https://www.surveymonkey.com/r/swc_pre_workshop_v1",
        "https://www.surveymonkey.com/r/swc_pre_workshop_v1?workshop_id=2026-01-01-nova",
        "https://fr.surveymonkey.com/r/7KLN2QW",
        "https://www.surveymonkey.co.uk/r/7KLN2QW",
        "https://www.surveymonkey.com/s/7KLN2QW",
        "https://www.research.net/r/7KLN2QW",
        "https://de.surveymonkey.com/r/7KLN2QW?lang=de",
        "https://www.surveymonkey.com/r/PreviewOfSpring",
    ],
    Tool.LIMESURVEY: [
        "https://enquetes.limesurvey.net/123456",
        "https://enquetes.limesurvey.net/123456?lang=fr",
        "https://enquetes.limesurvey.net/satisfaction-2026",
        "https://sondage.univ-nova.example/index.php/123456?lang=fr",
        "https://sondage.univ-nova.example/limesurvey/index.php/123456/lang-fr".replace("/lang-fr", ""),
        "https://sondage.univ-nova.example/index.php?r=survey/index&sid=123456&lang=fr",
        "https://sondage.univ-nova.example/index.php/survey/index/sid/123456/lang/fr",
        "https://enquetes.limesurvey.net/index.php/123456?token=abc&newtest=N",
    ],
    Tool.QUALTRICS: [
        f"https://uarizona.co1.qualtrics.com/jfe/form/{SV}",
        f"https://uarizona.co1.qualtrics.com/jfe/form/{SV}?Source=mail",
        f"https://nova.eu.qualtrics.com/jfe/form/{SV}?Q_CHL=qr",
        f"https://nova.eu.qualtrics.com/jfe/form/{SV}?Q_Language=FR",
        f"https://nova.eu.qualtrics.com/SE/?SID={SV}",
        f"https://nova.qualtrics.com/jfe1/form/{SV}",
        f"https://survey.qualtrics.com/jfe/form/SID={SV}",
        f"https://nova.eu.qualtrics.com/jfe/form/{SV}?Q_EED=eyJuYW1lIjoiWCJ9",
    ],
    Tool.OTHER: [
        "https://forms.example/s/1",
        "https://evil-tally.so/forms/81dRPA/edit",
        "https://docs.google.com/document/d/1Zs4/edit",
        "https://app.formbricks.com/s/clin3yxja52k8l80hpwmx4bjy",
        "https://nova.example/admin/surveys/edit",
        "https://nova.example/index.php/enquete",
        "https://tally.so.nova.example/forms/x/edit",
        "http://localhost:8080/q?newtest=Y",
    ],
}
GOOGLE_PUBLIC = f"https://docs.google.com/forms/d/e/{ID}/viewform"
GOOGLE_FILE = f"https://docs.google.com/forms/d/{FILE}/viewform"
MS_PAGES = "https://forms.office.com/Pages"
MS_PUBLIC = f"{MS_PAGES}/ResponsePage.aspx?id={MS}"
TYPEFORM = "https://form.typeform.com/to/Lks1RA"
PREVIEWED = "/jfe/preview/previewId/62fdf4cc-a69f-4255-a321-4d795485d826"
LIME = "https://enquetes.limesurvey.net"
OWN_LIME = "https://sondage.univ-nova.example/lime/index.php"
WRONG = {
    Tool.GOOGLE: [
        (f"https://docs.google.com/forms/d/{FILE}/edit", Problem.EDIT, GOOGLE_FILE),
        (f"https://docs.google.com/forms/d/{FILE}/edit#responses", Problem.RESULTS, GOOGLE_FILE),
        (f"https://docs.google.com/forms/u/0/d/{FILE}/edit?pli=1", Problem.EDIT, GOOGLE_FILE),
        (f"https://docs.google.com/a/nova.example/forms/d/{FILE}/edit", Problem.EDIT, GOOGLE_FILE),
        (f"https://docs.google.com/forms/d/{FILE}", Problem.EDIT, GOOGLE_FILE),
        (f"https://docs.google.com/forms/d/{FILE}/prefill", Problem.PREFILL, GOOGLE_FILE),
        (f"https://docs.google.com/forms/d/{FILE}/preview", Problem.PREVIEW, GOOGLE_FILE),
        (f"https://docs.google.com/forms/d/e/{ID}/viewanalytics", Problem.RESULTS, GOOGLE_PUBLIC),
        (f"https://docs.google.com/forms/d/e/{ID}/formResponse", Problem.OWN, GOOGLE_PUBLIC),
        (f"{GOOGLE_PUBLIC}?usp=x&edit2=2_ABaOnud", Problem.OWN, f"{GOOGLE_PUBLIC}?usp=x"),
        (f"https://docs.google.com/spreadsheets/d/{FILE}/edit?resourcekey#gid=1", Problem.RESULTS, ""),
        ("https://docs.google.com/forms/u/0/?tgif=d", Problem.HOME, ""),
    ],
    Tool.MICROSOFT: [
        (f"{MS_PAGES}/DesignPageV2.aspx?origin=NeoPortalPage&subpage=design&id={MS}",
         Problem.EDIT, MS_PUBLIC),
        (f"{MS_PAGES}/DesignPage.aspx#FormId={MS}", Problem.EDIT, MS_PUBLIC),
        (f"{MS_PAGES}/DesignPage.aspx?fragment=FormId%3D{MS}%26Token%3Da7b7",
         Problem.EDIT, MS_PUBLIC),
        (f"{MS_PAGES}/DesignPageV2.aspx?subpage=design&FormId={MS}&Token=a7b7",
         Problem.EDIT, MS_PUBLIC),
        (f"{MS_PAGES}/DesignPageV2.aspx?id={MS}&topview=Preview", Problem.PREVIEW, MS_PUBLIC),
        (f"{MS_PAGES}/DesignPageV2.aspx?id={MS}&topview=Prefill", Problem.PREFILL, MS_PUBLIC),
        (f"{MS_PAGES}/AnalysisPage.aspx?AnalyzerToken=x&id={MS}", Problem.RESULTS, MS_PUBLIC),
        (f"{MS_PAGES}/ShareFormPage.aspx?id={MS}&sharetoken=o57", Problem.SHARE, MS_PUBLIC),
        (f"https://forms.cloud.microsoft/Pages/DesignPageV2.aspx?id={MS}", Problem.EDIT,
         f"https://forms.cloud.microsoft/Pages/ResponsePage.aspx?id={MS}"),
        (f"{MS_PAGES}/DesignPageV2.aspx?subpage=creationv2", Problem.EDIT, ""),
        ("https://forms.office.com/", Problem.HOME, ""),
    ],
    Tool.TYPEFORM: [
        ("https://admin.typeform.com/form/Lks1RA/create", Problem.EDIT, TYPEFORM),
        ("https://admin.typeform.com/form/Lks1RA/share", Problem.SHARE, TYPEFORM),
        ("https://admin.typeform.com/form/Lks1RA/results#insights", Problem.RESULTS,
         TYPEFORM),
        ("https://admin.typeform.com/form/Lks1RA/connect", Problem.EDIT, TYPEFORM),
        ("https://admin.typeform.com/form/Lks1RA/preview", Problem.PREVIEW, TYPEFORM),
        ("https://admin.eu.typeform.com/form/Lks1RA/create", Problem.EDIT, ""),
        ("https://osmi.typeform.com/report/Ao6BTw/U76z", Problem.RESULTS, "https://osmi.typeform.com/to/Ao6BTw"),
        ("https://osmi.typeform.com/to/Ao6BTw?__dangerous-disable-submissions", Problem.PREVIEW,
         "https://osmi.typeform.com/to/Ao6BTw"),
        ("https://admin.typeform.com/accounts/1/workspaces/2", Problem.HOME, ""),
    ],
    Tool.TALLY: [
        (f"https://tally.so/forms/81dRPA/{page}", problem, "https://tally.so/r/81dRPA")
        for page, problem in {
            "edit": Problem.EDIT, "": Problem.EDIT, "settings": Problem.EDIT, "share": Problem.SHARE,
            "results": Problem.RESULTS, "submissions": Problem.RESULTS, "summary": Problem.RESULTS,
            "preview": Problem.PREVIEW,
        }.items()
    ] + [("https://tally.so/dashboard", Problem.HOME, "")],
    Tool.SURVEYMONKEY: [
        ("https://www.surveymonkey.com/create/?sm=BPAkhAawaMN8C17tmm_3D", Problem.EDIT, ""),
        ("https://fr.surveymonkey.com/design/edit?sm=BPAk_3D", Problem.EDIT, ""),
        ("https://www.surveymonkey.com/create/preview/?sm=BPAk_3D", Problem.PREVIEW, ""),
        ("https://www.surveymonkey.com/r/Preview/?sm=PalOcNQHB2SWS793", Problem.PREVIEW, ""),
        ("https://www.surveymonkey.com/collect/list?sm=BPAk_3D", Problem.SHARE, ""),
        ("https://www.surveymonkey.com/analyze/BPAkhAawaMN8C17tmm_3D", Problem.RESULTS, ""),
        ("https://www.surveymonkey.com/summary/BPAkhAawaMN8C17tmm_3D", Problem.RESULTS, ""),
        ("https://fr.surveymonkey.com/results/SM-7KLN2QW/", Problem.RESULTS, ""),
        ("https://www.surveymonkey.com/dashboard/", Problem.HOME, ""),
    ],
    Tool.LIMESURVEY: [
        (f"{LIME}/surveyAdministration/view?surveyid=123456", Problem.EDIT, f"{LIME}/123456"),
        (f"{LIME}/questionAdministration/view/surveyid/123456/gid/1/qid/2", Problem.EDIT, f"{LIME}/123456"),
        (f"{LIME}/editor/#/survey/123456/structure", Problem.EDIT, f"{LIME}/123456"),
        (f"{OWN_LIME}/admin/survey/sa/view/surveyid/123456", Problem.EDIT, f"{OWN_LIME}/123456"),
        (f"{OWN_LIME}/surveyAdministration/view?iSurveyID=123456", Problem.EDIT, f"{OWN_LIME}/123456"),
        (f"{OWN_LIME}?r=surveyAdministration/view&surveyid=123456", Problem.EDIT,
         f"{OWN_LIME}?r=survey/index&sid=123456"),
        (f"{OWN_LIME}/admin/statistics/sa/index/surveyid/123456", Problem.RESULTS, f"{OWN_LIME}/123456"),
        (f"{OWN_LIME}/responses/browse?surveyId=123456", Problem.RESULTS, f"{OWN_LIME}/123456"),
        (f"{OWN_LIME}/123456?newtest=Y&lang=fr", Problem.RESTART, f"{OWN_LIME}/123456?lang=fr"),
        (f"{OWN_LIME}/survey/index/sid/123456/newtest/Y/lang/fr", Problem.RESTART,
         f"{OWN_LIME}/survey/index/sid/123456/lang/fr"),
    ],
    Tool.QUALTRICS: [
        (f"https://nova.eu.qualtrics.com{path}", problem, f"https://nova.eu.qualtrics.com/jfe/form/{SV}")
        for path, problem in {
            f"/survey-builder/{SV}/edit": Problem.EDIT,
            f"/Q/EditSection/Blocks?ContextSurveyID={SV}": Problem.EDIT,
            f"/jfe/preview/{SV}": Problem.PREVIEW,
            f"/jfe/preview/{SV}?Q_CHL=preview&Q_SurveyVersionID=current": Problem.PREVIEW,
            f"{PREVIEWED}/{SV}?Q_CHL=preview": Problem.PREVIEW,
            f"/jfe/form/{SV}?Q_CHL=preview": Problem.PREVIEW,
            f"/jfe/form/{SV}?Q_DL=abc_{SV}_MLRP&Q_CHL=email": Problem.OWN,
            f"/reporting-dashboard/web/6a2d885d/pages/x/view?surveyId={SV}": Problem.RESULTS,
            f"/responses/#/surveys/{SV}": Problem.RESULTS,
        }.items()
    ],
}  # fmt: skip


@pytest.mark.parametrize(("tool", "link"), [(tool, link) for tool, links in PUBLIC.items() for link in links])
def test_a_public_link_is_never_stopped(tool: Tool, link: str) -> None:
    assert check_link(link) == link
    found = diagnose(link)
    assert (found.tool, found.problem, found.public) == (tool, None, "")
    assert require_public(link) == found


@pytest.mark.parametrize(
    ("tool", "link", "problem", "public"), [(tool, *case) for tool, cases in WRONG.items() for case in cases]
)
def test_what_only_its_author_can_open(tool: Tool, link: str, problem: Problem, public: str) -> None:
    found = diagnose(link)
    assert (found.tool, found.problem, found.public) == (tool, problem, public)
    with pytest.raises(Refusal) as refused:
        require_public(link)
    assert refused.value.field == "link"
    if public:
        assert diagnose(check_link(public)).problem is None, "what is proposed can be used"


def test_eight_links_of_each_tool_at_least() -> None:
    assert min(len(links) for links in PUBLIC.values()) >= 8
    assert min(len(cases) for cases in WRONG.values()) >= 8


@pytest.mark.parametrize(
    "link", ["", "nothing", "https://[bad", "ftp://tally.so/forms/x/edit", "https://x:99999/"]
)
def test_what_is_no_link_is_nobodys(link: str) -> None:
    assert diagnose(link).tool is Tool.OTHER
    assert diagnose(link).problem is None
