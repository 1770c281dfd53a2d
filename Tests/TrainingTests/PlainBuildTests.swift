import Testing
import Training

struct PlainBuildTests {
    @Test func aMissingLibrarySaysHowToGetIt() {
        #expect(TorchError.missing.description.contains("Samples/train/libtorch.sh"))
    }
}
