import Configuration
import Datasets
import Dispatch
import Flow
import Pipeline
import Synchronization
import Training

/// Scan of all images of several sets: facts of every image, and a few decoded images.
struct DatasetScan {
    /// Facts of each set's images, in their order.
    private(set) var facts: [[PictureFacts]] = []
    /// Some valid images with their boxes, spread over all sets.
    private(set) var tiles: [ContactSheet.Tile] = []
    private static let batch = 64
    /// Maximum size of decoded images.
    private static let shape = StoreShape.within(PictureExtent(width: 640, height: 640))

    /// Decodes all images.
    ///
    /// - Parameters:
    ///   - sets: The sets.
    ///   - tileCount: Number of decoded images to keep.
    ///   - console: Output for progress.
    ///   - stop: Stop request, polled between batches.
    /// - Throws: A `RunError` if a stop is requested.
    init(
        _ sets: [AnnotatedSet], tileCount: Int, console: Console, stop: StopSignal
    ) throws(RunError) {
        let total = sets.reduce(0) { $0 + $1.pictures.count }
        let step = max(1, total / max(1, tileCount))
        var done = 0
        for set in sets {
            var ofSet: [PictureFacts] = []
            for start in stride(from: 0, to: set.pictures.count, by: Self.batch) {
                if stop.isRequested { throw RunError(.interrupted, "Stopped before the end.") }
                let part = Array(set.pictures[start..<min(start + Self.batch, set.pictures.count)])
                for (picture, outcome) in zip(part, Self.decoded(part)) {
                    ofSet.append(Self.facts(outcome))
                    if done % step == 0, tiles.count < tileCount,
                        case .success(let content) = outcome
                    {
                        tiles.append(Self.tile(content, picture))
                    }
                    done += 1
                }
                console.progress("\(done) of \(total) images")
            }
            facts.append(ofSet)
        }
        console.progress("")
    }

    /// The kept images with training's default augmentation.
    func augmented(_ classes: [String], _ extent: PictureExtent) -> ContactSheet {
        let pictures = tiles.enumerated().map { index, tile in
            TrainingPicture(
                stored: index, extent: tile.picture.extent, annotations: tile.annotations)
        }
        let augmenter = Augmenter(
            TrainingSet(classes: classes, pictures: pictures), options: AugmentationOptions(),
            seed: 1)
        let plans = pictures.indices.map {
            augmenter.plan(picture: $0, epoch: 0, place: $0, extent: extent, progress: 0)
        }
        return ContactSheet(plans, from: tiles.map(\.picture), columns: 5, width: 320)
    }

    /// Decodes some images concurrently.
    private static func decoded(
        _ pictures: [AnnotatedPicture]
    ) -> [Result<DecodedPicture, any Error>] {
        typealias Outcome = Result<DecodedPicture, any Error>
        let outcomes = Mutex([Outcome?](repeating: nil, count: pictures.count))
        DispatchQueue.concurrentPerform(iterations: pictures.count) { place in
            let outcome = Outcome {
                try VideoPictureDecoder().decode(pictures[place].path, to: shape)
            }
            outcomes.withLock { $0[place] = outcome }
        }
        return outcomes.withLock { $0.compactMap { $0 } }
    }

    private static func facts(_ outcome: Result<DecodedPicture, any Error>) -> PictureFacts {
        switch outcome {
        case .success(let content):
            PictureFacts(
                extent: content.source,
                hash: PictureHash(
                    content.rgb.span, width: content.extent.width, height: content.extent.height))
        case .failure(let error): PictureFacts(error: DatasetError.text(error))
        }
    }

    private static func tile(
        _ content: DecodedPicture, _ picture: AnnotatedPicture
    ) -> ContactSheet.Tile {
        let patch = PicturePatch(
            picture: 0, source: PixelArea(content.source).box,
            target: PixelArea(content.extent))
        let valid = picture.validAnnotations(
            width: content.source.width, height: content.source.height)
        return ContactSheet.Tile(
            picture: content,
            annotations: valid.map { annotation in
                var placed = annotation
                placed.box = patch.placed(annotation.box)
                return placed
            })
    }
}
