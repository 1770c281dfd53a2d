import Testing

@testable import Configuration

struct SettingTextTests {
    @Test(arguments: [
        ("90", 90.0), ("90s", 90), ("1m30s", 90), ("1:30", 90), ("0:01:30.5", 90.5), ("2h", 7200),
        ("1h2m3s", 3723), ("0.5", 0.5), ("2m", 120), ("7d", 604_800), ("1d12h", 129_600),
    ])
    func timesAreRead(text: String, seconds: Double) throws {
        #expect(try SettingText.seconds(text) == seconds)
    }

    @Test(arguments: [
        "", "x", "1x", "-1", "1:60", "1:2:3:4", "30s1m", "1m1m", "nan", "inf", "1e18", ":", "s",
    ])
    func badTimesAreRefused(text: String) {
        #expect(throws: SettingError.self) { try SettingText.seconds(text) }
    }

    @Test func sizesAreMultiplesOf32() throws {
        #expect(try SettingText.size("640x352") == PictureSize(width: 640, height: 352))
        for text in [
            "640", "640x360", "0x32", "-32x32", "640x352x32", "8192x32", "axb", "tox64x64",
            "64xx64",
        ] {
            #expect(throws: SettingError.self) { try SettingText.size(text) }
        }
    }

    @Test(arguments: [("2500k", 2_500_000), ("2.5M", 2_500_000), ("800000", 800_000)])
    func bitRatesAreRead(text: String, bits: Int) throws {
        #expect(try SettingText.bitrate(text) == bits)
    }

    @Test(arguments: ["", "k", "-1", "0", "0.1", "1G", "1e99", "nan"])
    func badBitRatesAreRefused(text: String) {
        #expect(throws: SettingError.self) { try SettingText.bitrate(text) }
    }

    @Test(arguments: [
        ("500M", 500_000_000), ("20g", 20_000_000_000), ("1.5T", 1_500_000_000_000), ("7", 7),
        ("100k", 100_000),
    ])
    func sizesOfFilesAreRead(text: String, bytes: Int) throws {
        #expect(try SettingText.bytes(text) == bytes)
    }

    @Test(arguments: ["", "G", "-1", "0", "0.1", "1P", "1e99", "nan", "infG"])
    func badSizesOfFilesAreRefused(text: String) {
        #expect(throws: SettingError.self) { try SettingText.bytes(text) }
    }

    @Test func rangesOfTimesAreReportedInTheirUnits() {
        #expect(throws: SettingError(message: "must be from 1s to 10m, not \"0\"")) {
            try SettingText.seconds(in: 1...600)("0")
        }
    }

    @Test func rectanglesAreFractions() throws {
        let rectangle = try SettingText.rectangle("0, 0.9,1,0.1")
        #expect(rectangle.description == "0.0,0.9,1.0,0.1")
        for text in ["0,0,1", "0,0,1,2", "a,0,1,1", "0,0,1,1,1", "-0.1,0,1,1", "nan,0,1,1"] {
            #expect(throws: SettingError.self) { try SettingText.rectangle(text) }
        }
    }

    @Test func outOfRangeNumbersNameTheRange() {
        #expect(throws: SettingError(message: "must be a whole number from 0 to 51, not \"high\""))
        {
            _ = try SettingFormat.integer(in: 0...51).read("high")
        }
        #expect(throws: SettingError(message: "must be a number from 0 to 1, not \"2\"")) {
            _ = try SettingFormat.number(in: 0...1).read("2")
        }
    }
}
