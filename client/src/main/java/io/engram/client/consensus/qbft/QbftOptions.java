package io.engram.client.consensus.qbft;

import io.engram.client.consensus.qbft.message.WireEncoding;
import java.util.OptionalLong;

/**
 * What an operator may choose.
 *
 * @param roundTimeoutCapMillis longest round
 * @param earlyRoundChange join a later round as soon as f + 1 others are there
 * @param encoding of messages sent
 * @param recoverAbove an assertion of the operator that this key has signed nothing above a height; it takes the place of
 *     safety state that was lost, and is dangerous when it is wrong
 */
public record QbftOptions(
        long roundTimeoutCapMillis, boolean earlyRoundChange, WireEncoding encoding, OptionalLong recoverAbove) {

    public static final QbftOptions DEFAULT = new QbftOptions(
            RoundTimeouts.DEFAULT_CAP_MILLIS, true, WireEncoding.ACCESS_LIST_SLOT, OptionalLong.empty());
}
