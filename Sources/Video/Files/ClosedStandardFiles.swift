internal import Glibc

/// Standard input, output and error that a parent process has closed.
package enum ClosedStandardFiles {
    /// Occupies those that are closed, so that no file is opened in their place and filled with messages.
    ///
    /// Reading and writing them stays an error, since each is opened the other way round.
    package static func occupy() {
        for file in STDIN_FILENO...STDERR_FILENO where fcntl(file, F_GETFD) == -1 {
            _ = unsafe open("/dev/null", file == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }
}
