"""Every reason an upload is refused for, with the words shown and what to do next."""

from types import MappingProxyType

MESSAGES = MappingProxyType(
    {
        "empty": "ファイルの中身がありません。ファイルを選びなおしてください。",
        "too_large": "ファイルが大きすぎます（{size}MB）。20MBまでのファイルにしてください。"
        "写真は、画質を下げて撮りなおすと小さくなります。",
        "type_unknown": "このファイルは使えません。JPEGかPNGの写真、またはPDFにしてください。",
        "type_heic": "HEIC形式の写真は使えません。iPhoneの「設定」→「カメラ」→「フォーマット」で"
        "「互換性優先」を選んで撮りなおすか、写真の画面を撮った画像（スクリーンショット）を送ってください。",
        "type_office": "WordやExcelのファイルは使えません。PDFで保存しなおして、送ってください。",
        "type_archive": "圧縮ファイル（ZIPなど）は使えません。"
        "中のファイルを取り出して、1つずつ送ってください。",
        "type_markup": "ウェブページや図形（HTML・SVG）のファイルは使えません。"
        "JPEGかPNGの写真、またはPDFにしてください。",
        "type_program": "プログラムのファイルは使えません。JPEGかPNGの写真、またはPDFにしてください。",
        "type_other_image": "この形式の画像（{kind}）は使えません。JPEGかPNGで保存しなおして、送ってください。",
        "type_media": "動画や音声は使えません。JPEGかPNGの写真、またはPDFにしてください。",
        "polyglot": "写真やPDFの中に、別の種類のファイルが入っています。"
        "もとの写真を撮りなおすか、PDFを作りなおして、送ってください。",
        "image_broken": "画像が壊れていて開けません。もう一度撮るか、保存しなおして、送ってください。",
        "image_too_many_pixels": "画像が大きすぎます（{megapixels}万画素）。"
        "5,000万画素までの画像にしてください。",
        "image_too_heavy": "画像を開くのに時間がかかりすぎます。"
        "JPEGで保存しなおすか、小さくして、送ってください。",
        "pdf_broken": "PDFが壊れていて開けません。もう一度PDFを作りなおして、送ってください。",
        "pdf_encrypted": "パスワードや印刷の制限がついたPDFは使えません。"
        "制限をはずして保存しなおすか、印刷した紙の写真を送ってください。",
        "pdf_too_many_pages": "PDFのページが多すぎます（{pages}ページ）。"
        "200ページまでに分けて、送ってください。",
        "pdf_no_pages": "PDFにページがありません。もう一度PDFを作りなおして、送ってください。",
        "pdf_page_too_large": "PDFの{page}ページ目の紙が大きすぎます。"
        "A0判までの大きさで、PDFを作りなおしてください。",
        "pdf_too_heavy": "PDFを開くのに時間がかかりすぎます。"
        "「PDFに印刷」などで作りなおすか、印刷した紙の写真を送ってください。",
        "pdf_form_dynamic": "このPDFの入力フォームは、Adobe Readerでしか開けません。"
        "「PDFに印刷」で保存しなおして、送ってください。",
        "pdf_portfolio": "このPDFには、ほかのファイルがまとめて入っています（PDFポートフォリオ）。"
        "中の書類を1つずつPDFにして、送ってください。",
        "pdf_unsafe": "このPDFには、動作するしかけが入っていて、取り除けません。"
        "「PDFに印刷」で保存しなおして、送ってください。",
        "malware": "このファイルから、ウイルスなどの危険なものが見つかりました。受け取れません。"
        "お使いの機器をウイルス対策ソフトで調べてください。",
        "scanner_unavailable": "いま、ファイルの安全を確かめられません。"
        "しばらくしてから、もう一度送ってください。ほかの入力はそのまま残ります。",
        "storage_full": "いま、ファイルを受け取れません。しばらくしてから、もう一度送ってください。"
        "お急ぎのときは、お電話でお知らせください。",
    }
)


class UploadRefused(Exception):
    """An upload that is not kept; `code` is stable, `message_ja` says what to do next."""

    def __init__(self, code: str, message_ja: str) -> None:
        super().__init__(code)
        self.code = code
        self.message_ja = message_ja


def refusal(code: str, **values: object) -> UploadRefused:
    """Return the refusal of a code with its words filled in.

    Raises: KeyError for an unknown code.
    """
    return UploadRefused(code, MESSAGES[code].format(**values))
