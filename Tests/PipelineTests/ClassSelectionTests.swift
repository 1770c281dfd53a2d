import Testing

@testable import Pipeline

struct ClassSelectionTests {
    private let names = ["person", "bicycle", "car", "motorcycle", "bus", "truck"]

    @Test func anEmptySelectionSelectsAllClasses() throws {
        #expect(try ClassSelection([], among: names).isWanted == Array(repeating: true, count: 6))
    }

    @Test func onlyNamedClassesAreSelected() throws {
        let selection = try ClassSelection(["car", "bus"], among: names)
        #expect(selection.isWanted == [false, false, true, false, true, false])
    }

    @Test func anUnknownNameSuggestsANearOne() {
        #expect(throws: RunError.self) { try ClassSelection(["car", "lorry"], among: names) }
        do throws(RunError) {
            _ = try ClassSelection(["trukc"], among: names)
        } catch {
            #expect(error.reason == .usage)
            #expect(error.message == "Class \"trukc\" is not known; did you mean \"truck\"?")
        }
    }

    @Test func confusableClassesAreThoseThatTheModelHas() {
        #expect(ClassSelection.confusable(names) == [[2, 4, 5], [1, 3]])
        #expect(ClassSelection.confusable(["car", "cat"]) == [])
    }
}
