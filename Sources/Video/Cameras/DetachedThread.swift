internal import Glibc

/// A thread for work that may block for ever, such as resolving a name: nobody waits for its end.
enum DetachedThread {
    /// What a new thread needs before it can run Swift code.
    private final class Start: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs `body` on a thread of its own; false when the system refuses another one.
    static func run(_ body: @escaping @Sendable () -> Void) -> Bool {
        // SAFETY: retained here, released by the thread; or here, when there will be no thread.
        let start = unsafe Unmanaged.passRetained(Start(body))
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                // SAFETY: the pointer is the one that was retained for this thread.
                unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, start.toOpaque())
        guard code == 0 else {
            unsafe start.release()
            return false
        }
        pthread_detach(thread)
        return true
    }
}
