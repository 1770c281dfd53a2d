import Tensors
import Testing

struct ShapeRulesTests {
    private let map = Shape(channels: 12, height: 9, width: 6)

    @Test func everyOperationInfersItsShape() {
        func result(_ operation: Operation, _ others: Shape...) -> Shape {
            operation.shape(of: [map] + others)
        }
        let window = Window(kernel: 3, stride: 2, padding: 1)
        #expect(
            result(.convolution(Convolution(outputs: 8, kernel: 5, stride: 2, groups: 4)))
                == Shape(channels: 8, height: 5, width: 3))
        #expect(result(.maxPool(window)) == Shape(channels: 12, height: 5, width: 3))
        #expect(result(.averagePool(window)) == Shape(channels: 12, height: 5, width: 3))
        #expect(result(.globalAverage) == Shape(channels: 12, height: 1, width: 1))
        #expect(result(.normalization(epsilon: 1)) == map && result(.relu) == map)
        #expect(
            result(.upsample, Shape(channels: 1, height: 17, width: 11))
                == Shape(channels: 12, height: 17, width: 11))
        #expect(result(.slice(3..<7)) == Shape(channels: 4, height: 9, width: 6))
        #expect(result(.concatenation, map, map) == Shape(channels: 36, height: 9, width: 6))
        #expect(result(.shuffle(groups: 3)) == map)
        #expect(result(.add, Shape(channels: 12, height: 1, width: 1), map) == map)
        #expect(result(.multiply, map) == map)
        #expect(result(.dense(outputs: 7)) == Shape(channels: 7, height: 9, width: 6))
    }

    @Test func regionPoolingGivesOneRowPerRegion() {
        let pool = RegionPool(
            bins: 2, depth: 3, samples: 2, reduction: .average, isAligned: true, stride: 16)
        let regions = Shape(channels: 4, height: 200, width: 1)
        #expect(
            Operation.regionPool(pool).shape(of: [map, regions])
                == Shape(channels: 12, height: 200, width: 1))
    }

    @Test func groupsThatDoNotDivideTheChannelsStopTheProgram() async {
        await #expect(processExitsWith: .failure) {
            let map = Shape(channels: 12, height: 1, width: 1)
            _ = Operation.convolution(Convolution(outputs: 10, kernel: 1, groups: 5)).shape(of: [
                map
            ])
        }
    }

    @Test func windowLargerThanItsInputStopsTheProgram() async {
        await #expect(processExitsWith: .failure) {
            // One short: a rounded division alone would let this pass as one place.
            let map = Shape(channels: 1, height: 2, width: 2)
            _ = Operation.maxPool(Window(kernel: 3, stride: 2, padding: 0)).shape(of: [map])
        }
    }

    @Test func sumOfDifferentShapesStopsTheProgram() async {
        await #expect(processExitsWith: .failure) {
            let map = Shape(channels: 12, height: 4, width: 4)
            _ = Operation.add.shape(of: [map, Shape(channels: 12, height: 2, width: 2)])
        }
    }

    @Test func shapeIsPrintedWithTimesSigns() {
        #expect(map.description == "12×9×6" && map.area == 54 && map.count == 648)
    }
}
