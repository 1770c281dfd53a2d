import Testing

@testable import Tensors

struct TensorTests {
    @Test func copiesAreIndependentAfterAWrite() {
        let a = Tensor(dims: [2, 2], [1, 2, 3, 4])
        var b = a
        b[0] = 9
        #expect(a.values == [1, 2, 3, 4] && b.values == [9, 2, 3, 4])
    }

    @Test func reshapedCopiesAreIndependentAfterAWrite() {
        let a = Tensor(dims: [2, 3], [1, 2, 3, 4, 5, 6])
        var b = a.reshaped(to: [3, 2])
        b[5] = 0
        #expect(b.dims == [3, 2] && b.values == [1, 2, 3, 4, 5, 0] && a[5] == 6)
    }

    @Test func transposingTwiceIsTheIdentity() {
        let a = noise([3, 5], seed: 1)
        #expect(a.transposed().dims == [5, 3] && a.transposed()[1] == a[5])
        #expect(a.transposed().transposed() == a)
    }

    @Test func scalarHasNoDimensions() {
        #expect(Tensor(dims: [], [4]).values == [4])
    }

    @Test(arguments: [1, 15, 16, 17]) func storageIsAlignedToACacheLine(count: Int) {
        let tensor = Tensor(dims: [count])
        tensor.withSpan { span in
            unsafe span.withUnsafeBufferPointer { buffer in
                #expect(UInt(bitPattern: buffer.baseAddress) % 64 == 0)
            }
        }
    }

    @Test func equalityRequiresEqualDimensions() {
        let a = Tensor(dims: [2, 3])
        #expect(a == Tensor(dims: [2, 3]) && a != a.reshaped(to: [6]))
        #expect(Tensor(dims: [1], [.nan]) != Tensor(dims: [1], [.nan]))
    }
}
