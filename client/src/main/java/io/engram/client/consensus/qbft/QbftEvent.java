package io.engram.client.consensus.qbft;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockHeader;
import org.apache.tuweni.bytes.Bytes;

/** Everything that can happen to {@link QbftMachine}. */
public sealed interface QbftEvent {

    /**
     * A message arrived.
     *
     * @param peer who passed it on, which need not be its author
     * @param code relative to the sub-protocol's offset
     */
    record MessageReceived(Address peer, int code, Bytes data) implements QbftEvent {}

    /** A peer, validator or not, can be sent messages from now on; what was sent before did not reach it. */
    record PeerConnected(Address peer) implements QbftEvent {}

    /** A timer that {@link QbftTimers} was asked for has come due. */
    record TimerFired(QbftTimers.Kind kind, long token) implements QbftEvent {}

    /** The chain has a new head, made by this node's consensus or imported from others. */
    record HeadChanged(BlockHeader head) implements QbftEvent {}

    /** The pool has transactions that a block could take. */
    record TransactionsAvailable() implements QbftEvent {}

    /** {@link BlockExecutor#build} has ended. */
    record BlockBuilt(long ticket, BuildOutcome outcome) implements QbftEvent {}

    /** {@link BlockExecutor#validate} has ended. */
    record BlockJudged(long ticket, BlockVerdict verdict) implements QbftEvent {}

    /** {@link BlockExecutor#importDecided} could not add the block, by a fault of this node. */
    record ImportFailed(Hash block, String reason) implements QbftEvent {}

    /**
     * A validator told its head over an authenticated connection that was opened after this node started. A report
     * taken from anything that can be replayed would break {@link RecoveryRule}.
     */
    record HeadReported(Address validator, long height, Hash hash) implements QbftEvent {}
}
