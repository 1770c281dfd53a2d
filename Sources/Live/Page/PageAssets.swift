/// Files of the pages, by the last part of their address.
enum PageAssets {
    private static let script = "text/javascript; charset=utf-8"
    private static let style = "text/css; charset=utf-8"
    private static let page = "text/html; charset=utf-8"

    /// Bytes and MIME type of each file.
    static let all: [String: (bytes: [UInt8], type: String)] = [
        "": (PackageResources.page_html, page),
        "page.css": (PackageResources.page_css, style),
        "page.js": (PackageResources.page_js, script),
        "enlarged.js": (PackageResources.enlarged_js, script),
        "recent.js": (PackageResources.recent_js, script),
        "charts.js": (PackageResources.charts_js, script),
        "classes.js": (PackageResources.classes_js, script),
        "review": (PackageResources.review_html, page),
        "review.css": (PackageResources.review_css, style),
        "review.js": (PackageResources.review_js, script),
        "bars.js": (PackageResources.bars_js, script),
        "player.js": (PackageResources.player_js, script),
        "zones": (PackageResources.zones_html, page),
        "zones.css": (PackageResources.zones_css, style),
        "zones.js": (PackageResources.zones_js, script),
        "zones-picture.js": (PackageResources.zones_picture_js, script),
    ]
}
