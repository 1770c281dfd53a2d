import ArgumentParser
import Configuration
import Flow
import Foundation
import Live
import Pipeline

/// `thunderline zones`: draws zones and lines over a frame of a file.
struct ZonesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "zones",
        abstract: "Draws zones and lines over a frame of a recording, in a browser.",
        discussion: """
            Serves a page on this machine until Ctrl-C: add, drag and delete points, swap a line's direction, and copy \
            the text for a pipeline file. Nothing is written. For cameras the same page is part of `live --page`.

            Examples:
              thunderline zones drive.mp4 --at 10s
              thunderline zones drive.mp4 --line 'stop=0.2,0.7 0.8,0.66' --page 127.0.0.1:9000
            """)

    @Argument(help: "A recording or image.", completion: .file())
    var file: String
    @Option(help: "Position of the frame: 10s, 1:30.")
    var at = "0s"
    @Option(help: "Address of the page on this machine.")
    var page = "127.0.0.1:8090"
    @Option(help: SettingHelp.text("zones"))
    var zone: [String] = []
    @Option(help: SettingHelp.text("lines"))
    var line: [String] = []

    func run() throws {
        let (seconds, description) = try (seconds(), description())
        try perform { console throws(RunError) in
            let editor = try FilePlacesPage(file, at: seconds, page: page, description)
            try editor.serve(until: .interrupt) {
                console.info("The editor is at \($0); Ctrl-C ends it.")
            }
        }
    }

    private func seconds() throws -> Double {
        do throws(SettingError) {
            return try SettingText.seconds(at)
        } catch {
            throw ValidationError("--at \(error.message).")
        }
    }

    private func description() throws -> DetectDescription {
        var description = DetectDescription()
        do throws(SettingError) {
            if !zone.isEmpty { try description.set("zones", to: zone) }
            if !line.isEmpty { try description.set("lines", to: line) }
        } catch {
            throw ValidationError("--zone or --line \(error.message).")
        }
        return description
    }
}
