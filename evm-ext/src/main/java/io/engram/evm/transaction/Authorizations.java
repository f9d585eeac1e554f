package io.engram.evm.transaction;

import io.engram.evm.interpreter.Code;
import io.engram.evm.state.Journal;
import io.engram.evm.state.JournalAccount;
import io.engram.genesis.Address;
import io.engram.genesis.transaction.Authorization;
import java.util.List;
import org.apache.tuweni.units.bigints.UInt256;

/** The authorization list of a set-code transaction (EIP-7702). */
final class Authorizations {

    /** Given back for an authority that existed already: 25000 less the 12500 that a change costs. */
    private static final long EXISTING_REFUND = 12500;

    private Authorizations() {}

    /** Applies each entry that is valid and skips the others. */
    static void apply(List<Authorization> authorizations, UInt256 chainId, Journal journal) {
        for (Authorization authorization : authorizations) {
            if ((authorization.chainId().isZero() || authorization.chainId().equals(chainId))
                    && authorization.nonce() != -1) {
                authorization.authority().ifPresent(address -> apply(authorization, journal.at(address), journal));
            }
        }
    }

    private static void apply(Authorization authorization, JournalAccount authority, Journal journal) {
        journal.warm(authority);
        if ((authority.hasCode() && !Code.isDelegation(authority.code().bytes()))
                || authority.nonce() != authorization.nonce()) {
            return;
        }
        if (authority.exists()) {
            journal.addRefund(EXISTING_REFUND);
        }
        byte[] code =
                authorization.address().equals(Address.ZERO) ? new byte[0] : Code.delegationTo(authorization.address());
        journal.setCode(authority, code);
        journal.setNonce(authority, authority.nonce() + 1);
    }
}
