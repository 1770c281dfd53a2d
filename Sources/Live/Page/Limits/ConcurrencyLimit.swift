internal import Synchronization

/// Limit of long responses that are sent at the same time.
final class ConcurrencyLimit: Sendable {
    private let limit: Int
    private let count = Atomic(0)

    init(_ limit: Int) { self.limit = limit }

    /// Permission for one response, returned when its last reference goes.
    final class Permit: Sendable {
        private let owner: ConcurrencyLimit

        fileprivate init(_ owner: ConcurrencyLimit) { self.owner = owner }

        deinit { owner.count.wrappingSubtract(1, ordering: .relaxed) }
    }

    /// Acquires a permit; nil when all are in use.
    func acquire() -> Permit? {
        guard count.wrappingAdd(1, ordering: .relaxed).newValue <= limit else {
            count.wrappingSubtract(1, ordering: .relaxed)
            return nil
        }
        return Permit(self)
    }
}
