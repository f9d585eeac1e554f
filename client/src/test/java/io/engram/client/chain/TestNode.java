package io.engram.client.chain;

import io.engram.client.consensus.BlockProducer;
import io.engram.client.consensus.BlockSealer;
import io.engram.client.consensus.SigningKey;
import io.engram.client.consensus.VirtualClock;
import io.engram.client.model.ModelStore;
import io.engram.client.pool.PoolLimits;
import io.engram.client.storage.Database;
import io.engram.client.storage.Durability;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.config.InvalidGenesisException;
import io.engram.inference.engine.Backend;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.engine.reference.ReferenceBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A chain in a folder, with block production under a clock that stands still. */
final class TestNode implements AutoCloseable {

    static final SigningKey VALIDATOR = SigningKey.of(77);

    final Database database;
    final ModelStore models;
    final InferenceEngine engine;
    final ChainAssembly parts;
    final VirtualClock clock = new VirtualClock(1_800_000_000_000L);
    final BlockProducer producer;

    TestNode(Path folder, GenesisFile genesis) throws IOException, InvalidGenesisException {
        this(folder, genesis, new ReferenceBackend());
    }

    TestNode(Path folder, GenesisFile genesis, Backend backend) throws IOException, InvalidGenesisException {
        this(folder, genesis, backend, Optional.empty());
    }

    TestNode(Path folder, GenesisFile genesis, Backend backend, Optional<SealedSource> sealed)
            throws IOException, InvalidGenesisException {
        this.database = Database.open(folder.resolve("db"));
        this.models = new ModelStore(
                folder.resolve("models"),
                genesis.config().inference().orElseThrow().limits(),
                ModelStore.DEFAULT_CACHE_BYTES);
        this.engine = new InferenceEngine(backend);
        InferenceSupport inference = new InferenceSupport(engine, models::load);
        this.parts = ChainAssembly.open(
                genesis,
                database,
                new ChainAssembly.Settings(
                        Optional.of(inference),
                        sealed,
                        PoolLimits.DEFAULT,
                        30_000_000,
                        Durability.PROCESS,
                        () -> BlockOverrides.NONE));
        this.producer = new BlockProducer(parts.proposals(), new BlockSealer(VALIDATOR), clock, () -> 0, fault -> {
            throw fault;
        });
    }

    @Override
    public void close() {
        producer.close();
        database.close();
    }
}
