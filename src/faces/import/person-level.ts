/** The kind of the folders above or below the people's. */
export type OtherFolders =
  /** Parts of a set, as train and val: the same people may be in several. */
  | 'parts'
  /** Groups of people, as countries or shards: nobody is in two. */
  | 'groups'
  /** Kinds of photos of each person, as frontal and profile. */
  | 'kinds'
  /** Videos or sessions of each person, as in YouTube Faces and VoxCeleb. */
  | 'videos';

/** Which of two nested folders is the person, and the kind of the other. */
export interface PersonLevel {
  readonly person: 'outer' | 'inner';
  readonly others: OtherFolders;
  /** Nothing but numbers says so: a user should look. */
  readonly guessed: boolean;
  /** One number in two groups is two people, since nobody is in both. */
  readonly apart?: true;
}

/** A folder in a folder, with the names of the images in it. */
export interface NestedFolder {
  readonly outer: string;
  readonly inner: string;
  /** Base names of some of its images. */
  readonly images: readonly string[];
}

const PARTS =
  /^(?:.*[-_ ])?(?:train(?:ing|set)?|val(?:id(?:ation)?)?|test(?:ing|set)?|dev|eval(?:uation)?|holdout|gallery|probes?|query|enroll?(?:ment)?|bonafide|(?:un)?labell?ed|(?:part|fold|shard|split|batch|chunk|disc|disk|subset)[-_ ]?\d+)(?:[-_ ]?(?:set|data|images?|imgs?|faces?|photos?))?$/i;
const KINDS =
  /^(?:frontal|profile|front|side|left|right|up|down|half|neutral|smil(?:e|ing)|happy|sad|angry|surprised?|glasses|no[-_ ]?glasses|mask(?:ed)?|no[-_ ]?mask|unmasked|indoors?|outdoors?|young|old|vis|nir|visible|infrared|rgb|photos?|images?|sketch(?:es)?|still|color|colour|gr[ae]y|day|night|selfies?|id|spoof|live|real)$/i;
const VIDEOS =
  /^(?:(?:vid(?:eo)?|clip|seq(?:uence)?|session|sess|track|scene|shot|cam(?:era)?|take)[-_ ]?)?[a-z]?\d{1,4}$/i;
/**
 * The last part of a video's address at YouTube; with a mark, a digit or both cases, which a name of eleven letters
 * lacks.
 */
const YOUTUBE = /^(?=.*(?:[\d_-]|[a-z].*[A-Z]))[\w-]{11}$/;
/** The same with a word, which no person's number has. */
const SESSION =
  /^(?:vid(?:eo)?|clip|seq(?:uence)?|session|sess|track|scene|shot|cam(?:era)?|take|day|year)[-_ ]?\d{1,4}$/i;
const DATE = /^(?:19|20)\d{2}[-_.]?(?:0\d|1[0-2])[-_.]?[0-3]\d(?:\D.*)?$/;
const NUMBER = /^\d+$/;
/** The numbers of the people in a shard: `subjects_0-1999_72_imgs`. */
const RANGE = /(?<!\d)(\d+)(?:-|~|_?to_?)(\d+)(?!\d)/;
/** A first and a last name. */
const FULL_NAME = /\p{L}[_ ]\p{L}/u;
const SPELT_NAME = /^\p{Lu}[\p{L}.'-]*(?:[_ ][\p{L}.'-]+)*[_ ]\p{Lu}/u;
/** Identities of VGGFace2, VoxCeleb and MS-Celeb. */
const IDENTITY = /^(?:n\d{6}|id\d{5}|m\.[0-9a-z_]{3,})$/;
/** The same and those of IMDb, before the number of an image. */
const IDENTITY_FIRST = /^(?:n\d{6}|nm\d{7}|id\d{5}|m\.[0-9a-z]{3,})(?=[_-])/;

/** Groups of people, also as pairs of relatives. */
const GROUP =
  /^(?:(?:fe)?males?|(?:wo)?m[ae]n|boys?|girls?|actors?|actress(?:es)?|adults?|child(?:ren)?|kids|babies|elderly|seniors|african|asian|caucasian|indian|latino|fathers?|mothers?|dau(?:ghter)?s?|sons?|sisters?|brothers?|siblings?)$/i;
/** Groups of which nobody is in two. */
const APART =
  /^(?:(?:(?:fe)?males?|(?:wo)?m[ae]n|boys?|girls?|actors?|actress(?:es)?|african|asian|caucasian|indian|latino|black|white|fathers?|mothers?|dau(?:ghter)?s?|sons?|sisters?|brothers?)(?:[-_ ](?!$)|$))+$/i;
/** Further words of kinds, which with these alone or with others name nobody. */
const KIND_WORD =
  /^(?:with|without|no|masks?|mugshots?|originals?|rotations?|distances?|augmented|flipped|cropped|aligned|faces?|images?|photos?|pictures?|all|cam(?:era)?s?|surveillance|infrared|near|light|fake|anger|contempt|disgust(?:ed)?|fear(?:ful)?|happiness|sadness|sets?|data(?:set)?|daten|bilder|fotos?|match(?:es)?|distractors?)$/i;

/** Whether a folder's name says a part, a session, a camera, a kind of photo or a group of people. */
export function saysNoPerson(name: string): boolean {
  return PARTS.test(name) || SESSION.test(name) || hasOnlyKindWords(name);
}

/** Whether a name among those of people says a part of a set; short words are names too, as Val and Dev. */
export function saysPart(name: string): boolean {
  return hasOnlyKindWords(name) && wordsOf(name).some((word) => PARTS.test(word) && word.length > 3);
}

function hasOnlyKindWords(name: string): boolean {
  return wordsOf(name).every((word) => [PARTS, KINDS, GROUP, KIND_WORD].some((pattern) => pattern.test(word)));
}

function wordsOf(name: string): readonly string[] {
  return name.split(/[-_ ]+/);
}

/** The identity with which an image's name begins, as `nm0000115_rm1.jpg` of IMDb. */
export function identityIn(image: string): string | undefined {
  return IDENTITY_FIRST.exec(image)?.[0];
}

/** Whether a folder's name says a part of a set, as train or test. */
export function isPart(name: string): boolean {
  return PARTS.test(name);
}

/**
 * Decides which of two nested folders is the person: by the words that sets use, by the names of the images, and by
 * which names come again. `photosInOuter`: some outer folders hold images beside their folders; `flat`: the folders
 * beside the outer ones that have images and no folders.
 */
export function personLevel(
  folders: readonly NestedFolder[],
  photosInOuter: boolean,
  flat: readonly string[],
): PersonLevel {
  const outer = new Set(folders.map((folder) => folder.outer));
  const inner = new Set(folders.map((folder) => folder.inner));
  const all = (names: ReadonlySet<string>, pattern: RegExp) => [...names].every((name) => pattern.test(name));
  // Folders below the inner ones make several of one.
  const pairs = new Set(folders.map((folder) => `${folder.outer}/${folder.inner}`)).size;
  const repeated = inner.size < pairs;
  const below = inner.size <= Math.max(6, outer.size / 4) ? 'kinds' : 'videos';
  const above = repeated || all(outer, PARTS) ? 'parts' : 'groups';
  const is = (person: PersonLevel['person'], others: OtherFolders, guessed = false) => ({ person, others, guessed });

  if (outer.size === 1) {
    // All people in one folder, or one of many people whose folder has others in it.
    const among = flat.length >= inner.size && !all(outer, PARTS) && !all(inner, IDENTITY);
    if (!among || flat.some((name) => inner.has(name))) return is('inner', 'groups');
    if (photosInOuter || all(inner, PARTS) || all(inner, KINDS)) return is('outer', 'kinds');
    return is('inner', 'groups', inner.size > 1);
  }
  if (all(outer, IDENTITY)) return is('outer', all(inner, KINDS) ? 'kinds' : 'videos');
  if (all(inner, IDENTITY)) return is('inner', above);
  if (all(outer, PARTS)) return is('inner', 'parts');
  if (all(inner, PARTS) || all(inner, KINDS)) return is('outer', 'kinds');
  if (all(inner, DATE)) return is('outer', 'videos');
  if (all(outer, DATE)) return is('inner', above);
  if (repeated && all(outer, KINDS)) return is('inner', 'parts');
  if (repeated && all(outer, SESSION)) return is('inner', 'parts', all(inner, VIDEOS));
  if (all(inner, SPELT_NAME) && [...outer].every((name) => NUMBER.test(name) || SESSION.test(name))) {
    return is('inner', above);
  }
  const named = namedAfter(folders);
  if (named !== undefined) return named === 'outer' ? is('outer', below) : is('inner', above);
  if (photosInOuter) return is('outer', below);
  // People of WebFace260M have numbers of eleven signs.
  if (all(inner, YOUTUBE) && [...inner].some((name) => /[a-z]/i.test(name))) return is('outer', 'videos');
  if (folders.every((folder) => isInRange(folder.inner, folder.outer))) return is('inner', 'groups');
  if (repeated && all(inner, NUMBER) && all(outer, APART)) {
    return { person: 'inner', others: 'groups', guessed: false, apart: true };
  }
  const numbered = all(inner, VIDEOS);
  if (repeated) {
    if (inner.size < outer.size) return is('outer', numbered ? 'videos' : below, inner.size * 2 > outer.size);
    // Person 7 of one group need not be person 7 of another, but video 7 is always somebody's.
    if (numbered) {
      const spelt = all(outer, SPELT_NAME) && ![...outer].every(saysNoPerson);
      // The same people under a few kinds (`near_infrared/001`), rather than as many videos of everybody.
      const everywhere = pairs === outer.size * inner.size && outer.size < inner.size;
      const byName = spelt || (all(outer, FULL_NAME) && !everywhere);
      return byName || (outer.size >= 4 && !all(outer, FULL_NAME))
        ? is('outer', 'videos', true)
        : is('inner', 'parts', true);
    }
    return is('inner', 'parts', inner.size === outer.size);
  }
  const each = pairs / outer.size;
  if (numbered && outer.size >= 4) return is('outer', 'videos', true);
  return is('inner', 'groups', outer.size >= 4 && each > 1 && each < outer.size);
}

/** Whether a number lies in the range that the name of a folder states. */
function isInRange(number: string, folder: string): boolean {
  const [, low, high] = RANGE.exec(folder) ?? [];
  return NUMBER.test(number) && Number(low) <= Number(number) && Number(number) <= Number(high);
}

/** The folder after which the images in it are named (`Ada_Example/0/Ada_Example_0001.jpg`), where nearly all are. */
function namedAfter(folders: readonly NestedFolder[]): PersonLevel['person'] | undefined {
  const counts = { outer: 0, inner: 0, images: 0 };
  for (const { outer, inner, images } of folders) {
    for (const image of images) {
      counts.images++;
      if (beginsWith(image, outer)) counts.outer++;
      if (beginsWith(image, inner)) counts.inner++;
    }
  }
  const most = 0.8 * counts.images;
  if (counts.images === 0 || (counts.outer >= most && counts.inner >= most)) return undefined;
  return counts.outer >= most ? 'outer' : counts.inner >= most ? 'inner' : undefined;
}

/** A number before a number says nothing. */
function beginsWith(image: string, folder: string): boolean {
  return /\p{L}{2}/u.test(folder) && image.toLowerCase().startsWith(folder.toLowerCase());
}
