/** The paper, where it can be read. */
export const ARXIV = 'https://arxiv.org/abs/2312.00072';

/** The paper, for a list of references. */
export const BIBTEX = `@article{bhatta2023craft,
  title   = {{CRAFT}: Contextual Re-Activation of Filters
             for face recognition Training},
  author  = {Bhatta, Aman and Mery, Domingo and
             Wu, Haiyu and Bowyer, Kevin W.},
  journal = {arXiv:2312.00072},
  year    = {2023},
  note    = {IEEE FG 2025}
}
`;
