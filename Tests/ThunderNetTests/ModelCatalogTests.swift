import Foundation
import Tensors
import TestSupport
import Testing

@testable import ThunderNet

struct ModelCatalogTests {
    static let resources = "thunderline_ThunderNet.resources/Models"

    @Test func shippedModelIsFoundBesideTheProgram() throws {
        let catalog = ModelCatalog()
        #expect(catalog.names.contains("driving"))
        let model = try catalog.model()
        #expect(model.isTrained)
        #expect(model.description.classes.count == 6)
        #expect(model.description.provenance["terms"]?.contains("non-commercial") == true)
    }

    @Test func foldersAreSearchedInOrder() throws {
        let folder = try Scratch()
        let program = try folder.write("usr/bin/thunderline", Data())
        let catalog = ModelCatalog(
            folders: [folder.url.appendingPathComponent("mine")], program: program)
        let places = [
            "usr/share/thunderline/models/a.safetensors", "usr/bin/models/a.safetensors",
            "usr/bin/\(Self.resources)/a.safetensors", "mine/a.safetensors",
        ]
        for place in places {
            let file = try folder.write(place, Data())
            #expect(try catalog.url(of: "a").path == file.path)
            #expect(try catalog.url(of: "a.safetensors").path == file.path)
        }
        #expect(catalog.names == ["a"])
    }

    @Test func existingPathIsReturned() throws {
        let folder = try Scratch()
        let file = try folder.write("b.safetensors", Data())
        let catalog = ModelCatalog(folders: [], program: URL(fileURLWithPath: "/nowhere/x"))
        #expect(try catalog.url(of: file.path).path == file.path)
        let error = #expect(throws: ModelError.self) { try catalog.url(of: "/no/such.safetensors") }
        #expect(error?.description.contains("/no/such.safetensors") == true)
    }

    @Test func missingModelErrorListsFoldersBackbonesAndAdvice() {
        let catalog = ModelCatalog(
            folders: [URL(fileURLWithPath: "/first"), URL(fileURLWithPath: "/second")],
            program: URL(fileURLWithPath: "/prefix/bin/thunderline"), advice: "Set FOLDERS.")
        #expect(catalog.names.isEmpty)
        let error = #expect(throws: ModelError.self) { try catalog.url(of: "driving") }
        let text = error?.description ?? ""
        for part in [
            "/first", "/second", "/prefix/bin", "/prefix/share/thunderline/models", "snet146",
            "Set FOLDERS.",
        ] {
            #expect(text.contains(part), "\(part) is not mentioned")
        }
    }

    @Test func backboneNameGivesAnUntrainedModel() throws {
        let model = try ModelCatalog().model("snet49")
        #expect(!model.isTrained)
        #expect(model.description.name.contains("untrained"))
        #expect(model.description.backbone == "snet49")
        #expect(model.description.accuracy.isEmpty)
    }
}
