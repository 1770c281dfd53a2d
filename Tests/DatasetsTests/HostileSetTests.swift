import Foundation
import TestSupport
import Testing

@testable import Datasets

/// Data sets that take more memory or time than their size suggests, or that steer a terminal.
@Suite(.timeLimit(.minutes(1)))
struct HostileSetTests {
    private func refusal(_ scratch: Scratch, _ name: String) -> String {
        do throws(DatasetError) {
            _ = try AnnotatedSet(path: scratch.path(name))
            return ""
        } catch {
            return error.description
        }
    }

    @Test func aliasesOfAliasesInADataYAMLAreRefused() throws {
        let scratch = try Scratch()
        let levels = (1...12).map {
            "a\($0): &a\($0) [" + Array(repeating: "*a\($0 - 1)", count: 9).joined(separator: ", ")
                + "]\n"
        }
        try scratch.write(
            "data.yaml", "names: [car]\ntrain: images\na0: &a0 x\n\(levels.joined())? *a12\n: 1\n")
        #expect(refusal(scratch, "data.yaml").contains("aliases"))
    }

    @Test(arguments: ["\\u001b[31mcar", "car\\nthunderline: all is well", "car\\u0085"])
    func aClassNameWithAControlCharacterIsRefused(name: String) throws {
        let scratch = try Scratch()
        try scratch.write(
            "set.json",
            #"{"images":[{"id":1,"file_name":"a.png"}],"categories":[{"id":1,"name":"\#(name)"}],"annotations":[]}"#
        )
        let text = refusal(scratch, "set.json")
        #expect(text.contains("control character"))
        #expect(!text.unicodeScalars.contains { $0.value < 32 || $0.value == 0x85 })
    }

    @Test(arguments: ["set.json", "data.yaml"])
    func aFileOfManyGigabytesIsNotRead(name: String) throws {
        let scratch = try Scratch()
        let file = try FileHandle(forWritingTo: scratch.write(name, Data()))
        try file.truncate(atOffset: 10 << 30)
        try file.close()
        #expect(refusal(scratch, name).contains("larger than"))
    }
}
