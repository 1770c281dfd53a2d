import Configuration
import Datasets
import Scene
import Testing

@testable import Training

struct ContactSheetTests {
    private let drawn = DrawnPictures(7)

    @Test func everyTileShowsItsImageAndBoxes() {
        let tiles = drawn.set.pictures.map {
            ContactSheet.Tile(picture: drawn.pixels[$0.stored], annotations: $0.annotations)
        }
        let sheet = ContactSheet(tiles, columns: 3, width: 160)
        #expect(sheet.extent == PictureExtent(width: 3 * 162 - 2, height: 3 * 98 - 2))
        #expect(sheet.pixels.count == 3 * sheet.extent.width * sheet.extent.height)
        #expect(sheet.annotations.count == tiles.reduce(0) { $0 + $1.annotations.count })
        for annotation in sheet.annotations {
            let (x, y) = (Int(annotation.box.centerX), Int(annotation.box.centerY))
            let start = 3 * (y * sheet.extent.width + x)
            let wanted = DrawnPictures.colors[annotation.classIndex ?? 0]
            for channel in 0..<3 { #expect(sheet.pixels[start + channel] == wanted[channel]) }
        }
    }

    @Test func firstInputsAreShownInTheirColors() {
        var options = AugmentationOptions()
        options.color = .none
        let extent = PictureExtent(width: 64, height: 32)
        let augmenter = Augmenter(drawn.set, options: options, seed: 1)
        var plans = (0..<4).map {
            augmenter.plan(picture: $0, epoch: 0, place: $0, extent: extent, progress: 0)
        }
        let plain = ContactSheet(plans, from: drawn.pixels, columns: 2, width: 64)
        for index in plans.indices { plans[index].color = .brightness(20) }
        let light = ContactSheet(plans, from: drawn.pixels, columns: 2, width: 64)
        #expect(plain.extent == PictureExtent(width: 130, height: 66))
        for (index, value) in plain.pixels.enumerated() {
            let isGap =
                index / 3 % 130 / 64 == 1 && index / 3 % 130 < 66 || (32..<34).contains(index / 390)
            if !isGap { #expect(light.pixels[index] == UInt8(min(255, Int(value) + 20))) }
        }
    }
}
