// Swift's cancellation for a sync and an upload: the generated code alone would let them go on to their end.

import Foundation

extension Client {
    /// As ``sync()``, and when its task is cancelled the sync ends, with ``AnggotaError/Cancelled(code:advice:rule:)``. What was
    /// received whole by then is kept, and the next sync goes on from there.
    public func syncWhileWanted() async throws -> SyncReport {
        try await whileWanted { try await self.sync() } cancel: { try self.cancelSync() }
    }

    /// As ``upload()``, and when its task is cancelled the upload ends, with ``AnggotaError/Cancelled(code:advice:rule:)``. What
    /// the office has by then stays there, and the next upload goes on from there.
    public func uploadWhileWanted() async throws {
        try await whileWanted { try await self.upload() } cancel: { try self.cancelUpload() }
    }
}

/// Does the work, and says `cancel` when its task is cancelled.
private func whileWanted<Done: Sendable>(
    _ work: () async throws -> Done, cancel: @escaping @Sendable () throws -> Void
) async throws -> Done {
    let ended = Flag()
    defer { ended.raise() }
    return try await withTaskCancellationHandler {
        try await work()
    } onCancel: {
        // A cancellation may come a moment before the work has begun, so it is said until it was heard.
        Task {
            while !ended.isRaised {
                try cancel()
                try await Task.sleep(nanoseconds: 10_000_000)
            }
        }
    }
}

private final class Flag: @unchecked Sendable {
    private let lock = NSLock()
    private var raised = false

    var isRaised: Bool { lock.withLock { raised } }

    func raise() {
        lock.withLock { raised = true }
    }
}
