// What every error carries, whichever case it is.

extension AnggotaError {
    /// The code, as docs/errors.md lists it.
    public var code: String { parts.code }
    /// One Indonesian sentence for the member: what happened and what to do.
    public var advice: String { parts.advice }
    /// The rule that an input broke, in English, for the shell's developer.
    public var rule: String? { parts.rule }

    private var parts: (code: String, advice: String, rule: String?) {
        switch self {
        case .NoNetwork(let code, let advice, let rule), .NotAServer(let code, let advice, let rule),
            .ServerBusy(let code, let advice, let rule), .TryAgain(let code, let advice, let rule),
            .TooManyAttempts(let code, let advice, let rule), .CodeRefused(let code, let advice, let rule),
            .EnrolAgain(let code, let advice, let rule), .UpdateApp(let code, let advice, let rule),
            .NotTrusted(let code, let advice, let rule), .BooksDiffer(let code, let advice, let rule),
            .InvalidInput(let code, let advice, let rule), .Unknown(let code, let advice, let rule),
            .NotPossible(let code, let advice, let rule), .StoreBusy(let code, let advice, let rule),
            .StoreUnreadable(let code, let advice, let rule), .StoreFull(let code, let advice, let rule),
            .KeyFailed(let code, let advice, let rule), .Closed(let code, let advice, let rule),
            .Cancelled(let code, let advice, let rule):
            (code, advice, rule)
        }
    }
}
