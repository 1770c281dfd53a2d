import Foundation
import TestSupport
import Testing

@testable import Configuration
@testable import Live

@Suite(.timeLimit(.minutes(1)), .serialized)
struct EventCommandTests {
    private func wait(_ seconds: Double, until isTrue: () -> Bool) {
        let end = Date(timeIntervalSinceNow: seconds)
        while Date() < end && !isTrue() { usleep(10_000) }
    }

    @Test func aCommandGetsTheLineOnItsInput() throws {
        let scratch = try Scratch()
        let command = EventCommand("cat > '\(scratch.path("got"))'")
        command.run(EventRecord.example().line)
        wait(5) { command.runningCount == 0 }
        #expect(
            try String(contentsOfFile: scratch.path("got"), encoding: .utf8)
                == EventRecord.example().line)
        #expect(command.failed == 0)
    }

    @Test func variablesWithSecretsAreNotInherited() throws {
        let scratch = try Scratch()
        let command = EventCommand(
            "printenv HOME > '\(scratch.path("home"))'; printenv PATH > '\(scratch.path("path"))'",
            withholding: ["HOME"])
        command.run("x\n")
        wait(5) { command.runningCount == 0 }
        #expect(try String(contentsOfFile: scratch.path("home"), encoding: .utf8).isEmpty)
        #expect(try !String(contentsOfFile: scratch.path("path"), encoding: .utf8).isEmpty)
        var description = LiveDescription()
        description.cameras = [CameraDescription(name: "gate", source: "rtsp://host/1")]
        description.cameras[0].credentials.variable = "GATE_LOGIN"
        description.page.tokenVariable = "PAGE_TOKEN"
        #expect(description.secretVariables == ["GATE_LOGIN", "PAGE_TOKEN"])
    }

    @Test func commandsAreBoundedInNumberAndKilledWithTheirChildren() throws {
        let scratch = try Scratch()
        // The shell's child would write after two seconds if it were left alive.
        let command = EventCommand(
            "(sleep 2; touch '\(scratch.path("late"))') & wait", timeout: 0.5)
        for _ in 0..<10 { command.run("x\n") }
        #expect(command.runningCount == EventCommand.limit)
        #expect(command.skipped == 10 - EventCommand.limit)
        wait(1.5) { command.runningCount == 0 }
        #expect(command.runningCount == 0)
        #expect(command.failed == EventCommand.limit)
        usleep(2_000_000)
        #expect(scratch.names.isEmpty)
    }

    @Test func aCommandThatFailsOrDoesNotExistIsCounted() {
        let command = EventCommand("exit 3")
        command.run(String(repeating: "x", count: 3000))
        let missing = EventCommand("/no/such/program")
        missing.run("x\n")
        wait(5) { command.runningCount + missing.runningCount == 0 }
        #expect(command.failed == 1 && missing.failed == 1)
    }
}
