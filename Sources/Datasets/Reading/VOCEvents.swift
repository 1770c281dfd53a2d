internal import Foundation
internal import FoundationXML

/// XML parser delegate that collects the contents of a VOC annotation.
final class VOCEvents: NSObject, XMLParserDelegate {
    /// The first problem, with its line number.
    struct Problem {
        let line: Int
        let text: String
    }

    private(set) var fileName = ""
    private(set) var width = 0
    private(set) var height = 0
    private(set) var objects: [VOCDocument.Object] = []
    private var names: [String] = []
    private var text = ""
    private var object: VOCDocument.Object?
    private var problem: Problem?
    private var hasRoot = false

    /// Parses a document; returns the first problem, or nil.
    func parse(_ data: Data) -> Problem? {
        let text = Self.withoutDeclaration(data)
        if let markup = Self.unreadMarkup(text) {
            return Problem(line: 1, text: "it has \(markup), which is not read.")
        }
        let parser = XMLParser(data: Data(text.utf8))
        parser.shouldResolveExternalEntities = false
        parser.delegate = self
        let isWhole = parser.parse()
        if let problem { return problem }
        let line = max(1, parser.lineNumber)
        guard isWhole, parser.parserError == nil else {
            let code = parser.parserError.map { ", error \(($0 as NSError).code) of the parser" }
            return Problem(line: line, text: "it is not valid XML\(code ?? "").")
        }
        if !names.isEmpty {
            return Problem(line: line, text: "it is not valid XML: it ends too early.")
        }
        return hasRoot ? nil : Problem(line: 1, text: "it has no <annotation>.")
    }

    /// The text, with damaged UTF-8 repaired, without its XML declaration but with its line breaks.
    ///
    /// A declared encoding could hide markup from ``unreadMarkup(_:)``.
    private static func withoutDeclaration(_ data: Data) -> String {
        var text = String(decoding: data, as: UTF8.self)
        text.removeAll { $0 == "\u{FEFF}" }
        guard text.hasPrefix("<?xml"), text.dropFirst(5).first?.isWhitespace == true,
            let end = text.firstRange(of: "?>")
        else { return text }
        let breaks = text[..<end.lowerBound].filter(\.isNewline)
        return breaks + text[end.upperBound...]
    }

    /// Markup that annotations do not need: Foundation's parser crashes on processing instructions without data, and
    /// document types define entities.
    private static func unreadMarkup(_ text: String) -> String? {
        if text.contains("<?") { return "a processing instruction" }
        return text.contains("<!DOCTYPE") ? "a document type" : nil
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
    ) {
        if names.isEmpty {
            hasRoot = name == "annotation"
            if !hasRoot { fail(parser, "its root is <\(name)>, not <annotation>.") }
        }
        names.append(name)
        text = ""
        if names == ["annotation", "object"] {
            object = VOCDocument.Object(line: parser.lineNumber)
        }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
        qualifiedName: String?
    ) {
        let value = text.trimmingCharacters(in: .whitespacesAndNewlines)
        // The full path matters: a part of a person has its own name and box.
        switch names.joined(separator: "/") {
        case "annotation/filename": fileName = value
        case "annotation/size/width": width = Int(value) ?? 0
        case "annotation/size/height": height = Int(value) ?? 0
        case "annotation/object/name": object?.name = value
        case "annotation/object/difficult": object?.isIgnored = ["1", "true"].contains(value)
        case "annotation/object/bndbox/xmin": take(0, value, parser)
        case "annotation/object/bndbox/ymin": take(1, value, parser)
        case "annotation/object/bndbox/xmax": take(2, value, parser)
        case "annotation/object/bndbox/ymax": take(3, value, parser)
        case "annotation/object": finishObject(parser)
        default: break
        }
        names.removeLast()
        text = ""
    }

    private func take(_ corner: Int, _ value: String, _ parser: XMLParser) {
        guard let number = Float(value), number.isFinite else {
            return fail(parser, "\"\(value)\" is not a finite number.")
        }
        object?.corners[corner] = number
    }

    private func finishObject(_ parser: XMLParser) {
        guard let object else { return }
        guard !object.name.isEmpty else { return fail(parser, "an object has no name.") }
        objects.append(object)
        self.object = nil
    }

    private func fail(_ parser: XMLParser, _ text: String) {
        if problem == nil { problem = Problem(line: max(1, parser.lineNumber), text: text) }
        parser.abortParsing()
    }
}
