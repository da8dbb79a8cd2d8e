#include "adapter/reading_store/sealed_writer.h"

#include "adapter/reading_store/catalog.h"
#include "log/hash.h"

namespace tocsin::reading_store {
namespace {

Result<void> write_new(FileSystem& files, const std::string& path, const Bytes& bytes) {
  auto file = files.create(path);
  if (!file) return std::unexpected(file.error());
  if (auto done = (*file)->write_at(0, bytes); !done) return done;
  return (*file)->sync();
}

}  // namespace

Result<observation::SealedFile> write_sealed(FileSystem& files, const std::string& folder,
                                             const SealedName& name, SealedBuilder& builder) {
  const Bytes bytes = builder.finish();
  auto facts = facts_of(name, builder.index());
  facts.bytes = bytes.size();
  facts.sha256 = log::text_of(log::sha256(as_text(bytes)));
  const std::string path = folder + "/" + facts.name, draft = path + std::string(unfinished);
  auto done = write_new(files, draft, bytes);
  if (done) done = files.rename(draft, path);
  if (done) done = files.sync_folder(folder);
  if (!done) {
    (void)files.remove(draft);
    return std::unexpected(done.error());
  }
  return facts;
}

}  // namespace tocsin::reading_store
