internal import Glibc

/// Detached thread for work that may block forever, such as resolving a host name.
enum DetachedThread {
    /// Box that carries the closure through `pthread_create`.
    private final class Start: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs `body` on a new thread; false if the system refuses to create one.
    static func run(_ body: @escaping @Sendable () -> Void) -> Bool {
        // SAFETY: retained here; released by the new thread, or below if there is none.
        let start = unsafe Unmanaged.passRetained(Start(body))
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                // SAFETY: this is the pointer retained for this thread.
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
