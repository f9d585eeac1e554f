package io.engram.evm.transaction;

import io.engram.evm.interpreter.Code;
import io.engram.evm.state.Journal;
import io.engram.evm.state.JournalAccount;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.Secp256k1;
import io.engram.genesis.crypto.Signature;
import io.engram.genesis.transaction.Authorization;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.rlp.RLP;
import org.apache.tuweni.units.bigints.UInt256;

/** The authorization list of a set-code transaction (EIP-7702). */
public final class Authorizations {

    private static final int MAGIC = 0x05;

    /** Given back for an authority that existed already: 25000 less the 12500 that a change costs. */
    private static final long EXISTING_REFUND = 12500;

    private Authorizations() {}

    /** The account that signed; empty when the signature is none, or its s is not in the lower half. */
    public static Optional<Address> authority(Authorization authorization) {
        if ((authorization.yParity() & ~1) != 0) {
            return Optional.empty();
        }
        Signature signature = new Signature(authorization.r(), authorization.s(), authorization.yParity());
        return Secp256k1.isLowS(signature)
                ? Secp256k1.recoverAddress(digest(authorization), signature)
                : Optional.empty();
    }

    private static Hash digest(Authorization authorization) {
        Bytes fields = RLP.encodeList(list -> {
            list.writeUInt256(authorization.chainId());
            list.writeValue(authorization.address().toBytes());
            list.writeValue(Bytes.ofUnsignedLong(authorization.nonce()).trimLeadingZeros());
        });
        return Keccak256.hash(Bytes.concatenate(Bytes.of(MAGIC), fields));
    }

    /** Applies each entry that is valid and skips the others. */
    static void apply(List<Authorization> authorizations, UInt256 chainId, Journal journal) {
        for (Authorization authorization : authorizations) {
            if ((authorization.chainId().isZero() || authorization.chainId().equals(chainId))
                    && authorization.nonce() != -1) {
                authority(authorization).ifPresent(address -> apply(authorization, journal.at(address), journal));
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
        byte[] code = authorization.address().equals(Address.ZERO)
                ? new byte[0]
                : Code.delegationTo(authorization.address());
        journal.setCode(authority, code);
        journal.setNonce(authority, authority.nonce() + 1);
    }
}
