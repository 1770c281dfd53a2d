import Testing

@testable import Configuration

struct DetectSettingTableTests {
    @Test func keysAndOptionsAreUnique() {
        let keys = DetectSettingTable.all.map(\.key)
        let options = DetectSettingTable.all.compactMap(\.option)
        #expect(Set(keys).count == keys.count)
        #expect(Set(options).count == options.count)
        #expect(options.count == keys.count - 1)
    }

    @Test func everySettingReadsBackItsText() throws {
        var description = DetectDescription()
        description.input.sources = ["a"]
        for setting in DetectSettingTable.all {
            guard let texts = setting.render(description) else { continue }
            var again = DetectDescription()
            again.input.sources = ["a"]
            try setting.apply(texts, &again)
            #expect(again == description, "\(setting.key)")
        }
    }

    @Test func anUnknownKeySuggestsANearOne() {
        var description = DetectDescription()
        #expect(
            throws: SettingError(
                message: "\"output.cfr\" is not known; did you mean \"output.crf\"?")
        ) {
            try description.set("output.cfr", to: ["1"])
        }
    }

    @Test func contradictionsAreReportedAsSentences() {
        var description = DetectDescription()
        description.input.sources = ["a"]
        #expect(description.contradictions.isEmpty)
        description.output.video = false
        description.tracking.every = 2
        description.tracking.detectRate = 5
        #expect(description.contradictions.count == 2)
    }
}
