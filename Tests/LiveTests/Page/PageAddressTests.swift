import Pipeline
import Testing

@testable import Configuration
@testable import Live

struct PageAddressTests {
    private func page(_ address: String, token: String? = nil) -> PageDescription {
        var description = LiveDescription()
        description.page.address = address
        description.page.tokenVariable = token == nil ? nil : "TOKEN"
        return description.page
    }

    @Test func onlyLoopbackNeedsNoToken() throws {
        #expect(try PageAddress(page("127.0.0.1:80"), environment: [:]).token == nil)
        #expect(try PageAddress(page(":8080"), environment: [:]).host == "127.0.0.1")
        #expect(try PageAddress(page("[::1]:0"), environment: [:]).host == "::1")
        #expect(throws: RunError.self) { _ = try PageAddress(page("0.0.0.0:80"), environment: [:]) }
        #expect(throws: RunError.self) {
            _ = try PageAddress(page("10.1.2.3:80"), environment: [:])
        }
        for wrong in ["8080", "host", "127.0.0.1:99999", ""] {
            #expect(throws: RunError.self) { _ = try PageAddress(page(wrong), environment: [:]) }
        }
        let open = page("0.0.0.0:80", token: "TOKEN")
        for short in [[:], ["TOKEN": "short"], ["TOKEN": "long enough but with blanks"]] {
            #expect(throws: RunError.self) { _ = try PageAddress(open, environment: short) }
        }
        let token = "0123456789abcdef"
        #expect(try PageAddress(open, environment: ["TOKEN": token]).token == token)
    }
}
