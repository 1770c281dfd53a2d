import Foundation
import TestSupport

/// A text file of the checkout, with its path from the root.
struct RepositoryFile {
    let path: String
    let lines: [Substring]

    /// Module or test suite of the file: its second folder.
    var module: String { String(path.split(separator: "/").dropFirst().first ?? "") }
    var isSwift: Bool { path.hasSuffix(".swift") }

    /// Names of types, members and cases that stand in the file.
    var declaredNames: [String] {
        lines.flatMap { line in
            let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
            let keywords = [
                "struct", "class", "enum", "protocol", "typealias", "let", "var", "func",
            ]
            if words.first == "case" { return Array(words.dropFirst()) }
            return zip(words, words.dropFirst()).filter { keywords.contains($0.0) }.map(\.1)
        }
    }

    /// What its documentation links to, between double backticks.
    var documentationLinks: [String] {
        lines.filter { !isSwift || $0.contains("///") }.flatMap { line in
            line.matches(of: /``([^`]+)``/).map { String($0.output.1) }
        }
    }
}

/// Files of the checkout, without build products.
enum Repository {
    /// Every file under some folders, paths from the root, sorted.
    static func paths(under folders: [String]) -> [String] {
        folders.flatMap { folder -> [String] in
            let url = Shared.root.appendingPathComponent(folder)
            let names = FileManager.default.enumerator(atPath: url.path)?.compactMap {
                $0 as? String
            }
            return (names ?? []).map { "\(folder)/\($0)" }.filter(isFile)
        }.sorted()
    }

    /// Every text file with one of the endings under some folders.
    static func files(under folders: [String], endings: [String]) throws -> [RepositoryFile] {
        try paths(under: folders).filter { path in endings.contains { path.hasSuffix($0) } }.map {
            RepositoryFile(
                path: $0,
                lines: try text(of: $0).split(separator: "\n", omittingEmptySubsequences: false))
        }
    }

    /// The whole of one text file.
    static func text(of path: String) throws -> String {
        try String(contentsOf: Shared.root.appendingPathComponent(path), encoding: .utf8)
    }

    static func size(of path: String) -> Int {
        let url = Shared.root.appendingPathComponent(path)
        return (try? url.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0
    }

    private static func isFile(_ path: String) -> Bool {
        let url = Shared.root.appendingPathComponent(path)
        return (try? url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true
    }
}
