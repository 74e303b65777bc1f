interface Manifest {
  version: string;
  repository: { url: string };
}

/** Where Pulumi finds the releases of a package's repository on GitHub. */
export const downloadUrl = ({ repository: { url } }: Pick<Manifest, "repository">): string =>
  url.replace(/^git\+https:\/\/github\.com\/(.*)\.git$/, "github://api.github.com/$1");

const manifest: Manifest = require("../../package.json");

/** The plugin that the classes ask Pulumi for: the one of the package's version. */
export const release = { version: manifest.version, pluginDownloadURL: downloadUrl(manifest) };
