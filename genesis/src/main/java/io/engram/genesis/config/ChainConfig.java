package io.engram.genesis.config;

import io.engram.genesis.block.HeaderHasher;
import io.engram.genesis.fork.BaseFee;
import io.engram.genesis.fork.ForkSchedule;
import io.engram.genesis.qbft.QbftHasher;
import io.engram.genesis.system.RequestContracts;
import java.util.Optional;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * The {@code config} section of a genesis file.
 *
 * @param qbft absent on a chain that this client only imports
 * @param inference absent on a chain without neural networks
 * @param requestContracts where requests of EIP-6110, 7002 and 7251 come from; absent on a QBFT chain that names none,
 *     whose blocks then hold no requests, as in Besu
 */
public record ChainConfig(
        UInt256 chainId,
        ForkSchedule forks,
        BaseFee baseFee,
        Optional<QbftConfig> qbft,
        Optional<InferenceConfig> inference,
        Optional<RequestContracts> requestContracts) {

    /** How this chain's headers are hashed. */
    public HeaderHasher hasher() {
        return qbft.isPresent() ? QbftHasher.INSTANCE : HeaderHasher.KECCAK;
    }

    /** Whether opcodes, predeploys and vanity rule of inference are in force in block {@code number}. */
    public boolean isInferenceActive(long number) {
        return inference.filter(config -> number >= config.activationBlock()).isPresent();
    }
}
