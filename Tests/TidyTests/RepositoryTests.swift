import Foundation
import TestSupport
import Testing

/// Rules of the repository, checked against its files.
struct RepositoryTests {
    /// Modules of this package that each module may import.
    private static let allowedImports: [String: Set<String>] = [
        "Flow": ["CSystem"], "Pixels": [], "Scene": [], "Analytics": ["Scene"],
        "Video": ["CFFmpeg", "Pixels"],
        "Tensors": ["CKernels", "Flow"], "ThunderNet": ["Tensors", "Scene", "Pixels"],
        "Overlay": ["Pixels", "Scene", "CFreeType"],
        "Configuration": ["Analytics", "Scene", "ThunderNet"],
        "Datasets": ["Scene"],
        "Training": [
            "Configuration", "Tensors", "ThunderNet", "Scene", "Pixels", "Datasets", "CTorch",
        ],
        "thunderline-train": ["Training", "ThunderNet"],
        "Pipeline": [
            "Analytics", "Configuration", "Flow", "Video", "ThunderNet", "Scene", "Overlay",
        ],
        "Bench": ["Configuration", "Datasets", "Pipeline", "Flow", "Video", "ThunderNet", "Scene"],
        "Publishing": ["Configuration", "Pipeline", "Flow", "Video", "CMosquitto"],
        "Live": [
            "Analytics", "Configuration", "Pipeline", "Publishing", "Flow", "Video", "Scene",
            "Overlay", "CSystem",
        ],
    ]
    /// Programs, which have no documentation of their own.
    private static let programs: Set<String> = ["thunderline-train"]
    private static let modules = Set(allowedImports.keys).union([
        "CFFmpeg", "CFreeType", "CKernels", "CMosquitto", "CSystem", "CTorch",
    ])

    @Test func modulesImportOnlyWhatTheirRowLists() throws {
        for file in try Repository.files(under: ["Sources"], endings: [".swift"]) {
            guard let allowed = Self.allowedImports[file.module] else { continue }
            for line in file.lines {
                let words = line.split(separator: " ")
                guard let place = words.firstIndex(of: "import"), place <= 2,
                    let imported = words.dropFirst(place + 1).first.map(String.init),
                    Self.modules.contains(imported)
                else { continue }
                #expect(allowed.contains(imported), "\(file.path) imports \(imported)")
            }
        }
    }

    @Test func unsafeCodeStandsOnlyWhereItMay() throws {
        let allowed = [
            "Sources/Video/", "Sources/Flow/", "Sources/Pixels/", "Sources/Overlay/FontFace",
            "Sources/Tensors/", "Sources/Training/Torch/",
            "Sources/Training/Checkpoint/DurableFile", "Sources/Publishing/MQTT/MosquittoClient",
        ]
        for file in try Repository.files(under: ["Sources"], endings: [".swift"])
        where !allowed.contains(where: { file.path.hasPrefix($0) }) {
            for (index, line) in file.lines.enumerated() {
                let code = line.split(separator: "//", maxSplits: 1).first ?? ""
                let isUnsafe = code.split { !$0.isLetter && $0 != "@" && $0 != "_" }
                    .contains { $0 == "unsafe" || $0 == "@unsafe" }
                #expect(!isUnsafe, "\(file.path):\(index + 1) is unsafe")
            }
        }
    }

    @Test func everyUncheckedSendableIsProved() throws {
        for file in try Repository.files(under: ["Sources", "Samples"], endings: [".swift"]) {
            for (index, line) in file.lines.enumerated()
            where line.contains("@unchecked Sendable") && !line.contains("//") {
                let before = file.lines[max(0, index - 12)..<index]
                #expect(
                    before.contains { $0.contains("SAFETY") },
                    "\(file.path):\(index + 1) is not proved")
            }
        }
    }

    @Test func filesStaySmall() throws {
        let endings = [".swift", ".c", ".cpp", ".h", ".inc"]
        for file in try Repository.files(under: ["Sources", "Samples", "Tests"], endings: endings) {
            let limit = file.path.hasPrefix("Tests/") ? 400 : 300
            #expect(file.lines.count <= limit + 1, "\(file.path) has \(file.lines.count) lines")
        }
    }

    @Test func functionsFitAScreen() throws {
        for file in try Repository.files(under: ["Sources", "Samples"], endings: [".swift"]) {
            var start: (line: Int, indent: Int)?
            for (index, line) in file.lines.enumerated() {
                let indent = line.prefix { $0 == " " }.count
                let words = line.split(separator: " ")
                if words.contains("func") && !line.contains("//") && start == nil {
                    start = (index, indent)
                } else if let opened = start, indent == opened.indent, line.contains("}") {
                    #expect(
                        index - opened.line <= 60,
                        "\(file.path):\(opened.line + 1) is \(index - opened.line) lines long")
                    start = nil
                }
            }
        }
    }

    @Test func nothingLargeOrStrangeIsKept() {
        let known: Set<String> = [
            "swift", "c", "cpp", "h", "inc", "md", "modulemap", "yaml", "yml", "json", "txt", "mp4",
            "py",
            "sh", "safetensors", "png", "pgm", "ppm", "service", "html",
            "css", "js", "dockerignore", "webp", "jpg",
        ]
        for path in Repository.paths(under: ["Sources", "Tests", "Samples", "Pipelines"]) {
            guard !path.contains("/__pycache__/"), !path.contains(".partial.") else { continue }
            let ending = URL(fileURLWithPath: path).pathExtension
            #expect(
                known.contains(ending) || path.hasSuffix("/Containerfile"),
                "\(path) is of no known kind")
            let isData = path.hasPrefix("Samples/") || path.hasPrefix("Sources/ThunderNet/Models/")
            let limit = isData ? 4_000_000 : path.hasSuffix(".webp") ? 1_500_000 : 200_000
            #expect(Repository.size(of: path) <= limit, "\(path) is too large")
        }
    }

    @Test func documentationLinksNameWhatTheirModuleDeclares() throws {
        for module in Self.allowedImports.keys {
            let sources = try Repository.files(under: ["Sources/\(module)"], endings: [".swift"])
            let known = Set(sources.flatMap(\.declaredNames)).union([module, "init"])
            let pages = try Repository.files(under: ["Sources/\(module)"], endings: [".md"])
            for file in sources + pages {
                for link in file.documentationLinks {
                    let missing = link.split(separator: "/").filter {
                        !known.contains(String($0.prefix { $0 != "(" }))
                    }
                    #expect(missing.isEmpty, "\(file.path): ``\(link)`` leads nowhere")
                }
            }
        }
    }

    @Test func everyModuleHasACatalogWithDecisions() {
        for module in Self.allowedImports.keys where !Self.programs.contains(module) {
            let catalog = "Sources/\(module)/Documentation.docc"
            let names = Repository.paths(under: [catalog])
            #expect(names.contains("\(catalog)/\(module).md"), "\(module) has no front page")
            #expect(names.contains("\(catalog)/Decisions.md"), "\(module) has no page of decisions")
        }
    }

    @Test func theReadmeNamesEveryLibraryAndDependency() throws {
        let readme = try Repository.text(of: "README.md")
        let package = try Repository.text(of: "Package.swift")
        let libraries = package.matches(of: /\.library\(name: "(\w+)"/).map(\.output.1)
        let dependencies = package.matches(of: /\n {8}\.package\(url: ".*\/([^\/]+)", exact/).map(
            \.output.1)
        #expect(libraries.count > 5)
        #expect(dependencies.count > 3)
        for library in libraries { #expect(readme.contains("`\(library)`"), "\(library)") }
        for dependency in dependencies {
            #expect(readme.contains("| \(dependency) |"), "\(dependency)")
        }
    }

    @Test func theWholeLineIsMeasuredAgainstItsOwnEncoderSettings() throws {
        let program = try Repository.text(of: "Tests/Benchmarks/whole_line.py")
        let settings = try Repository.text(of: "Sources/Video/Writing/EncoderSettings.swift")
        let large = try #require(program.firstMatch(of: /LARGE = "(.+)"/)).output.1
        #expect(settings.contains(large))
    }

    @Test func dependenciesHaveExactVersions() throws {
        let packages = try Repository.text(of: "Package.swift").split(separator: "\n")
            .filter { $0.contains(".package(url:") }
        #expect(packages.count >= 5 && packages.allSatisfy { $0.contains("exact: \"") })
    }
}
