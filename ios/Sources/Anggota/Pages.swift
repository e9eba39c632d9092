// Passbooks page by page, newest first.

extension Client {
    /// The pages of a savings account, newest first; each is read when it is asked for.
    ///
    /// - Parameter limit: entries a page, 1 to 1,000.
    public func pages(accountNo: AccountNo, limit: UInt32 = 50) -> Pages<SavingsPageView> {
        Pages { before in
            let page = try self.transactions(accountNo: accountNo, limit: limit, before: before)
            return (page, page.more ? page.entries.last?.seq : nil)
        }
    }

    /// The pages of a loan, newest first; each is read when it is asked for.
    ///
    /// - Parameter limit: entries a page, 1 to 1,000.
    public func loanPages(loanNo: AccountNo, limit: UInt32 = 50) -> Pages<LoanPageView> {
        Pages { before in
            let page = try self.loanTransactions(loanNo: loanNo, limit: limit, before: before)
            return (page, page.more ? page.entries.last?.seq : nil)
        }
    }
}

/// A passbook's pages. The first is there even when it is empty.
public struct Pages<Page: Sendable>: AsyncSequence, Sendable {
    /// Reads the page before a seq and says before which seq the next one is, if there is one.
    fileprivate let read: @Sendable (UInt32?) throws -> (Page, UInt32?)

    /// Starts at the newest entry.
    public func makeAsyncIterator() -> Iterator {
        Iterator(read: read)
    }

    /// One reader's place.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let read: @Sendable (UInt32?) throws -> (Page, UInt32?)
        private var before: UInt32?
        private var ended = false

        fileprivate init(read: @escaping @Sendable (UInt32?) throws -> (Page, UInt32?)) {
            self.read = read
        }

        /// The next page; nil after the last. Fails when its task was cancelled.
        public mutating func next() async throws -> Page? {
            guard !ended else { return nil }
            try Task.checkCancellation()
            let (page, next) = try read(before)
            (before, ended) = (next, next == nil)
            return page
        }
    }
}
