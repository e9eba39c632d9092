// The stand's documents. Amounts are decimal texts there, and exact decimals here.

import Anggota
import Foundation

/// What a member brings from the office.
public struct Paper: Decodable, Sendable {
    public let serverUrl: String
    public let memberNo: MemberNo
    public let code: String
    public let serverKey: String

    /// The enrolment, with something else in the place of what the paper says when it is given.
    public func enrolment(by way: String? = nil, code: String? = nil, trust: Trust? = nil) -> Enrolment {
        Enrolment(
            serverUrl: way ?? serverUrl, memberNo: memberNo, code: code ?? self.code,
            trust: trust ?? .serverKey(thumbprint: serverKey))
    }
}

/// What a member must see, from the books alone.
public struct Expected: Decodable, Sendable {
    public struct Savings: Decodable, Sendable, Hashable {
        public let accountNo: AccountNo
        public let balance: Exact
        public let seq: UInt32
    }

    public struct Loan: Decodable, Sendable, Hashable {
        public let accountNo: AccountNo
        public let outstanding: Exact
        public let seq: UInt32
    }

    /// A line of either kind of passbook.
    public struct Entry: Decodable, Sendable {
        public let seq: UInt32
        public let postedOn: CivilDate
        public let kind: String
        public let amount: Exact?
        public let balance: Exact?
        public let principal: Exact?
        public let interest: Exact?
        public let lateCharge: Exact?
        public let outstanding: Exact?
        public let description: String
        public let reference: String
        public let reverses: UInt32?
    }

    public let name: Name
    public let totalSavings: Exact
    public let savings: [Savings]
    public let loans: [Loan]
    /// By account number, which the decoder must not take for a name of ours.
    public let entries: Entries

    /// The lines of an account, oldest first.
    public func entries(of account: AccountNo) -> [Entry] {
        entries.byAccount[account] ?? []
    }

    public struct Entries: Decodable, Sendable {
        fileprivate let byAccount: [String: [Entry]]

        public init(from decoder: any Decoder) throws {
            byAccount = try decoder.singleValueContainer().decode([String: [Entry]].self)
        }
    }
}

/// An amount that stands as a decimal text.
public struct Exact: Decodable, Sendable, Hashable {
    public let money: Money

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let money = Money(string: text, locale: Locale(identifier: "en_US_POSIX")) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an amount")
        }
        self.money = money
    }
}

/// Members with something special.
public struct Members: Decodable, Sendable {
    public struct Rich: Decodable, Sendable {
        public let memberNo: MemberNo
    }

    public struct LongPassbook: Decodable, Sendable {
        public let memberNo: MemberNo
        public let accountNo: AccountNo
        public let entries: Int
    }

    public struct LeapDays: Decodable, Sendable {
        public let memberNo: MemberNo
        public let accountNo: AccountNo
        public let dates: [CivilDate]
    }

    public struct MoneyEdges: Decodable, Sendable {
        public struct Amount: Decodable, Sendable {
            public let accountNo: AccountNo
            public let seq: UInt32
            public let amount: Exact
        }

        public struct Balance: Decodable, Sendable {
            public let accountNo: AccountNo
            public let balance: Exact
        }

        public let memberNo: MemberNo
        public let largest: Amount
        public let smallest: Amount
        public let reversal: Amount
        public let oneSen: Balance
        public let zero: Balance
    }

    public struct Loan: Decodable, Sendable {
        public let memberNo: MemberNo
        public let loanNo: AccountNo
    }

    public let cooperative: CooperativeId
    public let loanProduct: ProductCode
    public let rich: Rich
    public let longPassbook: LongPassbook
    public let moneyEdges: MoneyEdges
    public let leapDays: LeapDays
    public let loan: Loan
}

/// A request as the office sees it.
public struct OfficeRequest: Decodable, Sendable {
    public let requestId: OperationId
    public let memberNo: MemberNo
    public let principal: Exact
    public let periods: UInt32
    public let purpose: String
    public let state: String
    public let income: Exact?
    public let guarantors: [MemberNo]
    public let collateral: String?
    public let attachments: [OfficeDocument]
    public let replies: [OfficeReply]
}

/// A document as the office sees it.
public struct OfficeDocument: Decodable, Sendable {
    public let hash: String
    public let held: Int
    public let whole: Bool
}

/// What the office got when it asked for more.
public struct OfficeReply: Decodable, Sendable {
    public let text: String
    public let attachments: [OfficeDocument]
}

/// What a shop checks cards by.
public struct CardFiles: Decodable, Sendable {
    public let trust: Data
    public let statuses: [Data]
    private let roots: [String]

    /// The federation's root keys, 65 bytes each.
    public var rootKeys: [Data] {
        roots.map { hex in
            let digits = Array(hex.utf8).map { $0 < 58 ? $0 - 48 : $0 - 87 }
            return Data(stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
        }
    }
}

/// A way to the server that a fault can be put on.
public struct Proxy: Decodable, Sendable {
    public let serverUrl: String
    public let id: String
}

/// What went over it.
public struct Counted: Decodable, Sendable {
    public let requests: Int
    public let dropped: Int
    private let byRoute: [String: Int]

    /// How many parts of documents were sent.
    public var uploads: Int { byRoute["attachments"] ?? 0 }
}

/// What the network does to it, for the next `count` requests to paths that begin with `path`, `after` so many.
public enum Fault: Sendable {
    case none
    case dropReplies(count: Int, path: String, after: Int = 0)
    case problem(String, count: Int, path: String, after: Int)
    case cut(bytes: Int, count: Int, path: String)
    case slow(bytes: Int, pauseMs: Int, path: String)

    var asked: [String: any Sendable] {
        switch self {
        case .none:
            ["fault": "none"]
        case .dropReplies(let count, let path, let after):
            ["fault": "drop-replies", "count": count, "path": path, "after": after]
        case .problem(let problem, let count, let path, let after):
            ["fault": "problem", "problem": problem, "count": count, "path": path, "after": after]
        case .cut(let bytes, let count, let path):
            ["fault": "cut", "bytes": bytes, "count": count, "path": path]
        case .slow(let bytes, let pauseMs, let path):
            ["fault": "slow", "bytes": bytes, "pause_ms": pauseMs, "path": path]
        }
    }
}
