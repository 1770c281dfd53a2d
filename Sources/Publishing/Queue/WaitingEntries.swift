/// Entry of a queue.
struct QueueEntry: Sendable, Hashable {
    /// Number of the entry; later entries have larger ones.
    let number: UInt64
    /// One line of text.
    let text: String
}

/// Entries in the order of their numbers, from which any may be removed.
struct WaitingEntries: Sendable {
    /// Entries from the oldest on; a removed one leaves a gap until the entries before it are gone.
    private var slots: [QueueEntry?] = []
    private var numbers: [UInt64] = []
    private var head = 0
    private(set) var count = 0

    /// The entries, oldest first.
    var all: [QueueEntry] { slots[head...].compactMap { $0 } }
    /// The oldest entry; nil without any.
    var first: QueueEntry? { count == 0 ? nil : slots[head] }

    /// Appends an entry with a number above all others.
    mutating func append(_ entry: QueueEntry) {
        slots.append(entry)
        numbers.append(entry.number)
        count += 1
    }

    /// The oldest entry with a number above another.
    func entry(after number: UInt64) -> QueueEntry? {
        var index = lowerBound(number &+ 1)
        while index < slots.count {
            if let entry = slots[index] { return entry }
            index += 1
        }
        return nil
    }

    /// Removes and returns an entry; nil when it is gone already.
    @discardableResult
    mutating func remove(_ number: UInt64) -> QueueEntry? {
        let index = lowerBound(number)
        guard index < slots.count, numbers[index] == number, let entry = slots[index] else {
            return nil
        }
        slots[index] = nil
        count -= 1
        while head < slots.count, slots[head] == nil { head += 1 }
        if head > 64 && head > slots.count / 2 {
            slots.removeFirst(head)
            numbers.removeFirst(head)
            head = 0
        }
        return entry
    }

    /// Index of the first number that is not below another.
    private func lowerBound(_ number: UInt64) -> Int {
        var (low, high) = (head, numbers.count)
        while low < high {
            let middle = (low + high) / 2
            if numbers[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
