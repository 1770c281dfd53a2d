import Foundation
import Pipeline
import TestSupport
import Testing

@testable import Configuration
@testable import Live

struct CameraAddressTests {
    private func camera(_ source: String) -> CameraDescription {
        CameraDescription(name: "yard", source: source)
    }

    @Test func credentialsComeFromAVariable() throws {
        var camera = camera("rtsp://10.0.0.1:554/a?b=c")
        camera.credentials.variable = "YARD"
        camera.main = "rtsp://10.0.0.1/main"
        let address = try CameraAddress(camera, environment: ["YARD": "anna:p@ss:/w?rd"])
        #expect(address.source == "rtsp://anna:p%40ss%3A%2Fw%3Frd@10.0.0.1:554/a?b=c")
        #expect(address.main == "rtsp://anna:p%40ss%3A%2Fw%3Frd@10.0.0.1/main")
    }

    @Test func credentialsComeFromAFile() throws {
        let scratch = try Scratch()
        var camera = camera("rtsp://host/")
        camera.credentials.file = try scratch.write("login", "anna:secret\n")
        #expect(try CameraAddress(camera).source == "rtsp://anna:secret@host/")
    }

    @Test func errorsDoNotContainTheCredentials() throws {
        var camera = camera("rtsp://host/")
        camera.credentials.variable = "YARD"
        for environment in [[:], ["YARD": "s3cret"], ["YARD": ":s3cret"]] {
            do throws(RunError) {
                _ = try CameraAddress(camera, environment: environment)
                Issue.record("\(environment) was taken")
            } catch {
                #expect(error.message.contains("YARD") && !error.message.contains("s3cret"))
            }
        }
        camera.source = "/dev/video0"
        #expect(throws: RunError.self) {
            _ = try CameraAddress(camera, environment: ["YARD": "a:b"])
        }
    }

    @Test func withoutCredentialsAnAddressStaysAsItIs() throws {
        #expect(try CameraAddress(camera("/dev/video0")).source == "/dev/video0")
    }

    /// A password given where the name of a variable belongs must not be repeated in a journal.
    @Test(arguments: ["anna:s3cret", "s3cret!", ""])
    func aSecretInPlaceOfAVariablesNameIsNotRepeated(name: String) throws {
        var camera = camera("rtsp://host/")
        camera.credentials.variable = name
        do throws(RunError) {
            _ = try CameraAddress(camera)
            Issue.record("\(name) was taken")
        } catch {
            #expect(error.reason == .usage && !error.message.contains("s3cret"))
            #expect(error.message.contains("name of an environment variable"))
        }
    }

    @Test func aFileOfManyGigabytesHoldsNoCredentials() throws {
        let scratch = try Scratch()
        var camera = camera("rtsp://host/")
        camera.credentials.file = try scratch.write("login", "")
        let file = try FileHandle(forWritingTo: scratch.file("login"))
        try file.truncate(atOffset: 10 << 30)
        try file.close()
        do throws(RunError) {
            _ = try CameraAddress(camera)
            Issue.record("ten gigabytes were taken")
        } catch {
            #expect(error.message.contains("larger than"))
        }
    }
}
