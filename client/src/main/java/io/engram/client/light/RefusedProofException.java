package io.engram.client.light;

/** Ends a check; becomes a {@link ProofVerdict.Refused}. */
final class RefusedProofException extends Exception {

    private static final long serialVersionUID = 1L;

    private final ProofVerdict.Reason reason;

    RefusedProofException(ProofVerdict.Reason reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    ProofVerdict.Refused verdict() {
        return new ProofVerdict.Refused(reason, String.valueOf(getMessage()));
    }
}
